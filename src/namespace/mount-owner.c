/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/mount-owner.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/file.h"
#include "process/mounts.h"

/* Whether a mount is one of the mount namespace of the task; if so, stores whether it
 * shows its file system from the root.  1, 0, or -1 with errno. */
static int
has_mount(int task, uint64_t mount, bool *is_whole)
{
	struct buf text = { 0 };
	struct mount_line line;
	char path[64];
	const char *at;
	int found = 0;

	snprintf(path, sizeof path, "/proc/self/fd/%d/mountinfo", task);
	if (file_read_all(path, &text) < 0) {
		buf_free(&text);
		return -1;
	}
	for (at = buf_text(&text); found == 0 && mounts_next(&at, &line) > 0;)
		if (line.id == mount) {
			found = 1;
			*is_whole = line.root_len == 1;
		}
	buf_free(&text);
	return found;
}

/* Whether a user namespace is ours; else stores its owner.  1, 0, or -1 with errno. */
static int
is_our_user_namespace(int fd, struct mount_owner *o)
{
	struct stat own, its;

	if (stat("/proc/self/ns/user", &own) < 0 || fstat(fd, &its) < 0)
		return -1;
	if (own.st_dev == its.st_dev && own.st_ino == its.st_ino)
		return 1;
	o->has_user = ioctl(fd, NS_GET_OWNER_UID, &o->user) == 0;
	return 0;
}

/* The same for that to which the mount namespace of the task belongs. */
static int
is_our_mount_namespace(int task, struct mount_owner *o)
{
	int fd = openat(task, "ns/mnt", O_RDONLY | O_CLOEXEC);
	int user, error, rc;

	if (fd < 0)
		return -1;
	user = ioctl(fd, NS_GET_USERNS);
	error = errno;
	close(fd);
	if (user < 0) {
		errno = error;
		/* It is not ours, nor one below. */
		return error == EPERM ? 0 : -1;
	}
	rc = is_our_user_namespace(user, o);
	error = errno;
	close(user);
	errno = error;
	return rc;
}

int
mount_owner_find(int task, uint64_t mount, struct mount_owner *o)
{
	bool is_whole = false;
	/* In this order: an unprivileged task can leave our mount namespaces, but not
	 * return. */
	int has = has_mount(task, mount, &is_whole);
	int ours;

	*o = (struct mount_owner){ 0 };
	ours = has < 0 ? -1 : is_our_mount_namespace(task, o);
	if (ours < 0)
		return -1;
	o->is_ours = has > 0 && ours > 0;
	o->is_whole = o->is_ours && is_whole;
	return 0;
}
