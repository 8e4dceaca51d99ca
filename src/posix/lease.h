/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_LEASE_H
#define POSIX_LEASE_H

#include <signal.h>

#include "posix/dir.h"
#include "process/in-use.h"

/*
 * Leases of fcntl(2).  The kernel grants F_WRLCK only if no other process on the machine
 * has the file open or mapped; it counts descriptors in flight and processes of all
 * namespaces.  While a lease is held, another process that opens the file waits, or fails
 * if it uses O_NONBLOCK.  So all signals are blocked meanwhile, and nothing else is done.
 */

/* A lease that is held. */
struct lease {
	int fd; /* -1 if there is none; closing it gives the lease back */
	sigset_t signals; /* the mask before */
	bool as_owner; /* it was asked for with the file system ID of the owner */
	uid_t fsuid; /* the ID before that */
};

/*
 * Opens the file of an object and asks for a lease; if patient, again if it is refused,
 * because another ipctool may hold one for a moment.  Returns USED_NO with the lease, or
 * else why there is none.
 */
enum used lease_take(struct lease *l, const struct posix_dir *dir, const struct object *o,
	bool patient);

/* Gives the lease back, if there is one, and lets signals through again. */
void lease_end(struct lease *l);

/* Whether no process has opened the file since the lease was granted. */
bool lease_holds(const struct lease *l);

#endif
