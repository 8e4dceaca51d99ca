/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "process/proc.h"

#ifndef NS_GET_ID
#define NS_GET_ID _IOR(NSIO, 13, uint64_t)
#endif

/* Closes a descriptor and keeps errno.  Returns -1. */
static int
fail_open(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

/* Whether a descriptor that names a file names one on nsfs; else sets errno. */
static bool
is_on_nsfs(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return false;
	errno = EMEDIUMTYPE;
	return fs.f_type == NSFS_MAGIC;
}

/* Checks an open file on nsfs, and stores what identifies it. */
static int
identify(int fd, ino_t expected, struct ns_file *f)
{
	int type = ioctl(fd, NS_GET_NSTYPE);
	struct stat st;

	if (type < 0 || fstat(fd, &st) < 0)
		return -1;
	errno = EMEDIUMTYPE;
	if (type != CLONE_NEWIPC)
		return -1;
	errno = ESTALE;
	if (expected != 0 && st.st_ino != expected)
		return -1;
	*f = (struct ns_file){ .fd = fd, .inode = st.st_ino };
	f->has_id = ioctl(fd, NS_GET_ID, &f->id) == 0;
	/* Any other error does not mean that the kernel has no ids. */
	return f->has_id || errno == ENOTTY ? 0 : -1;
}

/* Opens the file that a descriptor names, which is closed. */
static int
open_named(int named, ino_t expected, struct ns_file *f)
{
	char path[PROC_PATH];
	int fd;

	if (named < 0)
		return -1;
	if (!is_on_nsfs(named))
		return fail_open(named);
	snprintf(path, sizeof path, "/proc/self/fd/%d", named);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_open(named);
	close(named);
	return identify(fd, expected, f) < 0 ? fail_open(fd) : 0;
}

int
ns_file_open(const char *path, ino_t expected, struct ns_file *f)
{
	return open_named(open(path, O_PATH | O_CLOEXEC), expected, f);
}

int
ns_file_open_within(pid_t pid, const char *path, ino_t expected, struct ns_file *f)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	char root[PROC_PATH];
	int dir, fd;

	proc_path(root, pid, pid, "root");
	dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
	if (fd < 0)
		return fail_open(dir);
	close(dir);
	return open_named(fd, expected, f);
}

int
ns_file_read_own(struct ipcns *ns)
{
	struct ns_file f;

	if (ns_file_open("/proc/self/ns/ipc", 0, &f) < 0)
		return -1;
	close(f.fd);
	*ns = (struct ipcns){
		.inode = f.inode, .has_id = f.has_id, .id = f.id, .is_own = true
	};
	return 0;
}

int
ns_file_owner(int fd, uid_t *uid)
{
	int user = ioctl(fd, NS_GET_USERNS);

	if (user < 0)
		return -1;
	if (ioctl(user, NS_GET_OWNER_UID, uid) < 0)
		return fail_open(user);
	close(user);
	return 0;
}

void
ns_file_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

void
ns_file_put(const struct ns_file *f, struct buf *b)
{
	buf_number(b, f->inode);
	if (!f->has_id)
		return;
	buf_char(b, '.');
	buf_number(b, f->id);
}
