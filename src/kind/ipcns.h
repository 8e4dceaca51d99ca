/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_IPCNS_H
#define KIND_IPCNS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The directory with the objects of a namespace that are files in /dev/shm.  They are in
 * no IPC namespace: a process of the namespace shows the directory, by its mounts.
 */
struct ipcns_shm {
	const char *refusal; /* why it must not be used, as the text of a message; NULL if
			      * it may */
	int fd; /* of the directory, opened with O_PATH */
	int process; /* a descriptor of the directory of that process in /proc */
	const char *path; /* of the same, for messages: "/proc/4711/root/dev/shm" */
	bool may_open; /* Its files may be opened.  Not if another user made the mount: it
			* can show any directory of the machine. */
	bool is_whole; /* it shows its file system from the root */
	const char *entering; /* before a command that has to run in the mount namespace:
			       * "nsenter -t 4711 -m " */
};

/* The IPC namespace that objects are in. */
struct ipcns {
	uint64_t inode; /* of its file, which another namespace gets when it has ended */
	bool has_id; /* the kernel has ids, ioctl_nsfs(2): Linux 6.18 */
	uint64_t id; /* is never reused */
	bool is_own; /* ipctool started in it */
	const struct ipcns_shm *shm; /* NULL for the caller's own /dev/shm */

	/* If the command asks for it (spaces.h), the container of its oldest process: */
	bool knows_container;
	const char *container; /* "docker:ID", "host" ...; NULL for none; not owned */
	const char *container_brief; /* the same with 12 digits of ID, for people */
};

/*
 * The namespace that ipctool works in, if the references of objects name it; NULL if they
 * do not, and then it is the one that ipctool started in.  ipcns_set() only notes it, and
 * keeps the pointer; spaces_enter() of the commands enters it.
 */
const struct ipcns *ipcns_now(void);
void ipcns_set(const struct ipcns *ns);

enum { IPCNS_SIZE = 32 }; /* bytes of "@INODE.ID", without a NUL */

/* Writes "@INODE.ID", or "@INODE" if the kernel has no ids, without a NUL, or nothing for
 * NULL.  Returns the end of the text. */
char *ipcns_put(const struct ipcns *ns, char *at);

#endif
