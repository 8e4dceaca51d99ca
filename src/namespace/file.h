/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_FILE_H
#define NAMESPACE_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "kind/ipcns.h"
#include "lib/buf.h"

/* The number of the initial IPC namespace, PROC_IPC_INIT_INO of include/linux/proc_ns.h.
 * All others have higher ones. */
#define NS_INITIAL UINT32_C(0xefffffff)

/*
 * An open IPC namespace.  The descriptor pins it: until it is closed, the namespace does
 * not end, and no other namespace gets its inode number.
 */
struct ns_file {
	int fd;
	ino_t inode;
	bool has_id; /* the kernel has ids, ioctl_nsfs(2): Linux 6.18 */
	uint64_t id; /* is never reused */
};

/*
 * Opens a namespace file.  No other file is ever opened for reading, because that could
 * block or act on a device: it is looked at with O_PATH first, must be on nsfs, and then
 * be an IPC namespace (ioctl_ns(2), NS_GET_NSTYPE).  If expected is not 0, it must have
 * this inode number.  0, or -1 with errno: EMEDIUMTYPE if it is another file, ESTALE if
 * it is another namespace.
 */
int ns_file_open(const char *path, ino_t expected, struct ns_file *f);

/* The same for a path within the root directory of a process, which cannot lead out of
 * it, by openat2(2).  ENOSYS before Linux 5.6. */
int ns_file_open_within(pid_t pid, const char *path, ino_t expected, struct ns_file *f);

/* Stores what identifies the namespace that ipctool is in.  0, or -1 with errno. */
int ns_file_read_own(struct ipcns *ns);

/* Stores the uid of the owner of the user namespace that owns the namespace, as the
 * caller sees it.  0, or -1 with errno; EPERM if that user namespace is not below the
 * caller's. */
int ns_file_owner(int fd, uid_t *uid);

/* Raises the soft limit of open files to the hard one, so that each namespace can be kept
 * open.  Undo it before another program is executed. */
void ns_file_raise_limit(void);

/* Appends the name of a namespace, INODE.ID, or INODE if the kernel has no ids. */
void ns_file_put(const struct ns_file *f, struct buf *b);

#endif
