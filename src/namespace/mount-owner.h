/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_MOUNT_OWNER_H
#define NAMESPACE_MOUNT_OWNER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Who made a mount. */
struct mount_owner {
	bool is_ours; /* It belongs to the user namespace of ipctool: whoever made it was
		       * privileged there. */
	bool has_user; /* else, whether it is known who owns the user namespace */
	uid_t user;
	bool is_whole; /* it is ours, and shows its file system from the root */
};

/*
 * Finds who made a mount that a task shows.  task is a descriptor of the directory of
 * the task in /proc, and mount the number of the mount, which does not end meanwhile:
 * a file on it is open.
 *
 * That the mount namespace of the task is ours is not enough: by chroot(2), which needs a
 * privilege in the user namespace of the task only, its root can be in mounts of another
 * one.  So the mount must be one of that mount namespace, proc_pid_mountinfo(5).
 * Returns 0, or -1 with errno.
 */
int mount_owner_find(int task, uint64_t mount, struct mount_owner *o);

#endif
