/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_IPCNS_H
#define KIND_IPCNS_H

#include <stdbool.h>
#include <stdint.h>

/* The IPC namespace that objects are in. */
struct ipcns {
	uint64_t inode; /* of its file, which another namespace gets when it has ended */
	bool has_id; /* the kernel has ids, ioctl_nsfs(2): Linux 6.18 */
	uint64_t id; /* is never reused */
	bool is_own; /* ipctool started in it */

	/* If the command asks for it (spaces.h), the container of its oldest process: */
	bool knows_container;
	const char *container; /* "docker:ID", "host" ...; NULL for none; not owned */
	const char *container_brief; /* the same with 12 digits of ID, for people */
};

/*
 * The namespace that ipctool works in, if the references of objects name it; NULL if they
 * do not, and then it is the one that ipctool started in.  ipcns_set() only notes it, and
 * keeps the pointer; space_enter() of the commands enters it.
 */
const struct ipcns *ipcns_now(void);
void ipcns_set(const struct ipcns *ns);

enum { IPCNS_SIZE = 32 }; /* bytes of "@INODE.ID", without a NUL */

/* Writes "@INODE.ID", or "@INODE" if the kernel has no ids, without a NUL, or nothing for
 * NULL.  Returns the end of the text. */
char *ipcns_put(const struct ipcns *ns, char *at);

#endif
