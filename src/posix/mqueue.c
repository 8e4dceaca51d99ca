/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The directory of message queues, mq_overview(7).  A mount of the mqueue file system
 * shows the queues of the IPC namespace of the process that mounted it.  So /dev/mqueue
 * may show those of another namespace.  A caller who may mount creates a mount that no
 * path leads to, and that shows its own.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <mqueue.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kind/ipcns.h"
#include "lib/xalloc.h"
#include "posix/dir.h"
#include "posix/name.h"

/* A descriptor of the root of a new mount, or -1 with errno. */
static int
mount_detached(void)
{
	int context = syscall(SYS_fsopen, "mqueue", FSOPEN_CLOEXEC);
	int fd = -1, error;

	if (context < 0)
		return -1;
	if (syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		fd = syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC,
			MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	error = errno;
	close(context);
	errno = error;
	return fd;
}

/* The same, of a mount that stays until the end of the run, or until the caller is in
 * another namespace: to end a mount takes the kernel several milliseconds. */
static int
own_mount(void)
{
	static struct stat namespace;
	static int kept = -1;
	struct stat now;

	if (stat("/proc/self/ns/ipc", &now) < 0)
		return mount_detached();
	if (kept < 0 || now.st_dev != namespace.st_dev ||
		now.st_ino != namespace.st_ino) {
		if (kept >= 0)
			close(kept);
		namespace = now;
		kept = mount_detached();
	}
	return kept < 0 ? -1 : fcntl(kept, F_DUPFD_CLOEXEC, 0);
}

/* Whether the kernel was built with queues.  The empty name is that of no queue. */
static bool
kernel_has_queues(void)
{
	return mq_open("/", O_RDONLY) >= 0 || errno != ENOSYS;
}

/* What an entry tells of the namespace that a directory shows. */
enum shows {
	SHOWS_NOTHING, /* there is no such queue any more */
	SHOWS_FAILED, /* it could not be compared, with errno */
	SHOWS_OURS,
	SHOWS_ANOTHER,
	SHOWS_DENIED, /* our namespace has a queue of this name, which may be this one */
};

/* Compares an entry with the queue that this name opens. */
static enum shows
compare_entry(int dir, const char *name)
{
	struct stat entry, opened;
	enum shows shows = SHOWS_FAILED;
	char *path = xasprintf("/%s", name);
	mqd_t queue = mq_open(path, O_RDONLY | O_NONBLOCK);
	int error = errno;

	free(path);
	/* After the queue was opened: it cannot have got the name of another since. */
	if (fstatat(dir, name, &entry, AT_SYMLINK_NOFOLLOW) < 0) {
		error = errno;
		if (error == ENOENT)
			shows = SHOWS_NOTHING;
	} else if (queue < 0) {
		if (error == EACCES)
			shows = SHOWS_DENIED;
		else if (error == ENOENT)
			shows = SHOWS_ANOTHER;
	} else if (fstat(queue, &opened) < 0) {
		error = errno;
	} else {
		shows = entry.st_dev == opened.st_dev && entry.st_ino == opened.st_ino
			? SHOWS_OURS
			: SHOWS_ANOTHER;
	}
	if (queue >= 0)
		mq_close(queue);
	errno = error;
	return shows;
}

/* Whether the entries of a directory are the queues of our IPC namespace.  One that could
 * be opened decides; without such a one, each must have been compared.  errno if that
 * failed. */
static enum shows
compare_names(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	enum shows all = SHOWS_NOTHING;
	const struct dirent *entry;
	int error = 0;

	if (stream == NULL) {
		error = errno;
		if (fd >= 0)
			close(fd);
		errno = error;
		return SHOWS_FAILED;
	}
	while (all != SHOWS_OURS && all != SHOWS_ANOTHER &&
		(errno = 0, entry = readdir(stream)) != NULL) {
		enum shows one;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		one = compare_entry(dir, entry->d_name);
		if (one == SHOWS_FAILED)
			error = errno;
		else if (one != SHOWS_NOTHING)
			all = one;
	}
	if (all != SHOWS_OURS && all != SHOWS_ANOTHER && errno != 0)
		error = errno;
	closedir(stream);
	errno = error;
	return error != 0 && all != SHOWS_OURS && all != SHOWS_ANOTHER ? SHOWS_FAILED
								       : all;
}

static bool
is_initial_namespace(void)
{
	enum { PROC_IPC_INIT_INO = 0xefffffff }; /* include/linux/proc_ns.h */
	struct stat st;

	return stat("/proc/self/ns/ipc", &st) == 0 && st.st_ino == PROC_IPC_INIT_INO;
}

#define MOUNT_IT "; mount -t mqueue none " POSIX_MQUEUE ", or run as root"

/* Opens /dev/mqueue if it shows our queues.  The descriptor, or -1 with the cause. */
static int
open_mounted(struct buf *cause)
{
	enum { MQUEUE_MAGIC = 0x19800202 }; /* ipc/mqueue.c */
	struct statfs fs;
	enum shows shows;
	int fd = open(POSIX_MQUEUE, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno != ENOENT && errno != ENOTDIR) {
		buf_printf(cause, "cannot open '%s': %s", POSIX_MQUEUE, strerror(errno));
		return -1;
	}
	if (fd < 0 || fstatfs(fd, &fs) < 0 || fs.f_type != MQUEUE_MAGIC) {
		buf_str(cause, POSIX_MQUEUE " is not mounted" MOUNT_IT);
	} else {
		shows = compare_names(fd);
		if (shows == SHOWS_OURS || shows == SHOWS_DENIED ||
			(shows == SHOWS_NOTHING && is_initial_namespace() &&
				(ipcns_now() == NULL || ipcns_now()->is_own)))
			return fd;
		if (shows == SHOWS_FAILED)
			buf_printf(cause, "cannot read '%s': %s", POSIX_MQUEUE,
				strerror(errno));
		else if (shows == SHOWS_ANOTHER)
			buf_str(cause,
				POSIX_MQUEUE " shows another IPC namespace" MOUNT_IT);
		else
			buf_str(cause,
				POSIX_MQUEUE " is empty and may show another IPC "
					     "namespace; run as root");
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Whether /dev/mqueue is this directory. */
static bool
is_mounted(const struct posix_dir *dir)
{
	struct stat st;

	return stat(POSIX_MQUEUE, &st) == 0 && st.st_dev == dir->st.st_dev &&
		st.st_ino == dir->st.st_ino;
}

int
mqueue_dir_open(
	struct posix_dir *dir, const struct source_options *options, struct buf *cause)
{
	struct buf why = { 0 };
	int error;

	(void)options;
	dir->has_devices = false;
	dir->may_open = true;
	dir->fd = own_mount();
	error = errno;
	if (dir->fd < 0 && (error == ENODEV || !kernel_has_queues())) {
		buf_str(cause,
			"this kernel has no POSIX message queues (CONFIG_POSIX_MQUEUE)");
		return SOURCE_UNUSABLE;
	}
	if (dir->fd < 0)
		dir->fd = open_mounted(&why);
	if (dir->fd < 0 && (error == EPERM || error == ENOSYS)) {
		buf_str(cause, buf_text(&why));
	} else if (dir->fd < 0) {
		buf_printf(cause, "cannot mount the message queues: %s", strerror(error));
	} else if (fstat(dir->fd, &dir->st) < 0) {
		error = errno;
		buf_printf(cause, "cannot read the message queues: %s", strerror(error));
		posix_dir_close(dir);
	}
	buf_free(&why);
	if (dir->fd < 0) {
		errno = error;
		return error == EPERM || error == ENOSYS ? SOURCE_UNUSABLE : -1;
	}
	dir->is_shown = is_mounted(dir);
	return 0;
}
