/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_SHM_H
#define NAMESPACE_SHM_H

#include "kind/ipcns.h"
#include "namespace/find.h"

/*
 * The /dev/shm that belongs to an IPC namespace.  None does by itself: it is what a
 * process of the namespace shows.  ipctool enters no mount namespace, but opens the
 * directory below the root of the process.  The owner of a user namespace can put there
 * what should deceive it: a symbolic link would be followed in the caller's root, and a
 * mount can show any directory of the machine.
 */
struct ns_shm {
	struct ipcns_shm dir; /* its refusal is set by the caller, from these: */
	char *missing; /* why it cannot be used at all; NULL if it can */
	char *danger; /* why it may be listed only; NULL if it may be changed */
	char *note; /* what to tell about a list of it, or NULL */

	dev_t device; /* of the directory, and its inode, unless it is missing */
	ino_t inode;
	char *path, *entering; /* what dir points to */
};

/*
 * Finds and opens what this process shows, or if named is 0 the oldest process of the
 * namespace; then namespaces_find_tasks() must have been called.  Call it before ipctool
 * enters another user namespace.  ns_shm_free() releases it.
 */
void ns_shm_find(
	const struct namespaces *all, size_t place, pid_t named, struct ns_shm *shm);

/* Stores which directory the caller's own is, and nothing else. */
void ns_shm_find_own(struct ns_shm *shm);

void ns_shm_free(struct ns_shm *shm);

#endif
