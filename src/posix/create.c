/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Creating the file of an object.  It is a file without a name, open(2) with O_TMPFILE,
 * until it has its contents, mode and owner, and gets its name last.  So no process sees
 * an incomplete object, and the kernel frees the file if ipctool is killed.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "kind/access.h"
#include "kind/ipcns.h"
#include "lib/names.h"
#include "lib/wait.h"
#include "posix/dir.h"
#include "posix/name.h"

static const struct source_options to_change = { .changes = true };

/* Finds what has the name.  As source_find(). */
static int
find_existing(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause)
{
	const struct ref ref = { .kind = kind, .label = (struct label *)what->label };

	return source_find(&ref, &to_change, o, cause);
}

/* Whether the caller asked for an object of this user, or of root: in a directory where
 * any user can make files, another user's may be a trap. */
static bool
is_trusted(uid_t uid, const struct creation *what)
{
	if (access_sees_unmapped_user(uid))
		return false;
	return uid == geteuid() || uid == 0 || (what->has_owner && uid == what->uid);
}

int
posix_look_up(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause)
{
	const struct posix *posix = posix_of(kind);
	int rc = find_existing(kind, what, o, cause);

	if (rc == SOURCE_UNUSABLE)
		return rc;
	errno = rc == 0 ? ENOENT : EINVAL;
	if (rc <= 0)
		return -1;
	if (!is_trusted(o->fact[FACT_UID], what)) {
		buf_printf(
			cause, "exists and belongs to %s", names_user(o->fact[FACT_UID]));
		return -1;
	}
	return posix->suffices == NULL || posix->suffices(o, what, cause) ? 0 : -1;
}

/* Appends why no file can be created. */
static void
put_no_file(int fd, int error, struct buf *cause)
{
	struct statvfs fs;

	if (error == ENOSPC && fstatvfs(fd, &fs) == 0 && fs.f_files > 0 &&
		fs.f_ffree == 0)
		buf_printf(cause, "%s has no free inode (%llu of %llu in use)",
			posix_shm_path(), (unsigned long long)fs.f_files,
			(unsigned long long)fs.f_files);
	else
		buf_printf(cause, "cannot create a file in %s: %s", posix_shm_path(),
			strerror(error));
}

/* fallocate(2) reserves the memory: with ftruncate(2) a full file system would be a
 * signal to the program that touches the object.  It is interrupted by signals that the
 * process handles, and by stopping the process. */
static int
reserve(int fd, uint64_t size)
{
	int rc;

	if (size > INT64_MAX) {
		errno = EFBIG;
		return -1;
	}
	do
		rc = fallocate(fd, 0, 0, (off_t)size);
	while (rc < 0 && errno == EINTR && wait_signal() == 0);
	return rc;
}

int
posix_allocate(int fd, uint64_t size, struct buf *cause)
{
	struct rlimit most;
	struct statvfs fs;
	int error;

	if (reserve(fd, size) == 0)
		return 0;
	error = errno;
	buf_str(cause, "cannot allocate ");
	buf_size(cause, size);
	buf_str(cause, ": ");
	if (error == ENOSPC && fstatvfs(fd, &fs) == 0 && fs.f_blocks > 0 &&
		(uint64_t)fs.f_bavail * fs.f_frsize < size) {
		buf_printf(cause, "%s has ", posix_shm_path());
		buf_size(cause, (uint64_t)fs.f_bavail * fs.f_frsize);
		buf_str(cause, " of ");
		buf_size(cause, (uint64_t)fs.f_blocks * fs.f_frsize);
		buf_str(cause, " free");
	} else {
		buf_str(cause, strerror(error));
	}
	if (error == EFBIG && getrlimit(RLIMIT_FSIZE, &most) == 0 &&
		most.rlim_cur < size) {
		buf_printf(cause, " (RLIMIT_FSIZE, ulimit -f, is %llu bytes)",
			(unsigned long long)most.rlim_cur);
	}
	errno = error;
	return -1;
}

/* Gives the file its mode and then its owner, who alone may set the mode. */
static int
set_access(int fd, const struct creation *what, struct buf *cause)
{
	int error;

	if (fchmod(fd, what->mode) < 0) {
		buf_printf(cause, "cannot set its mode: %s", strerror(errno));
		return -1;
	}
	if (!what->has_owner || fchown(fd, what->uid, what->gid) == 0)
		return 0;
	error = errno;
	buf_printf(cause, "cannot give it to %s", names_user(what->uid));
	buf_printf(cause, " and the group %s: %s", names_group(what->gid),
		error == EINVAL ? "this user namespace does not map them"
				: strerror(error));
	errno = error;
	return -1;
}

/* Stores the facts of the file as they are once it has its name. */
static int
read_new(int fd, const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause)
{
	mode_t type;

	*o = (struct object){
		.kind = kind,
		.ns = ipcns_now(),
		.label = what->label,
	};
	if (posix_read_file(fd, "", false, 0, o, &type) <= 0) {
		buf_printf(cause, "cannot be read: %s", strerror(errno));
		return -1;
	}
	object_set(o, FACT_MODE, what->mode);
	object_set(o, FACT_NLINK, 1);
	return 0;
}

/* Gives the file its name, unless another file has it. */
static int
link_name(int fd, const struct posix_dir *dir, const struct creation *what,
	struct buf *cause)
{
	char path[64];

	/* With AT_EMPTY_PATH linkat(2) needs CAP_DAC_READ_SEARCH. */
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, path, dir->fd, posix_file(what->label), AT_SYMLINK_FOLLOW) ==
		0)
		return 0;
	if (errno == EEXIST)
		buf_str(cause, POSIX_EXISTS);
	else
		buf_printf(cause, "cannot give it its name by %s: %s", path,
			strerror(errno));
	return -1;
}

/* Makes the file and gives it its name last. */
static int
make_file(const struct posix *posix, const struct posix_dir *dir,
	const struct creation *what, struct object *o, struct buf *cause)
{
	int fd = openat(dir->fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int error, rc = -1;

	if (fd < 0) {
		error = errno;
		put_no_file(dir->fd, error, cause);
		errno = error;
		return -1;
	}
	if (posix->fill(fd, what, cause) == 0 && set_access(fd, what, cause) == 0 &&
		read_new(fd, &posix->kind, what, o, cause) == 0)
		rc = link_name(fd, dir, what, cause);
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

int
posix_create(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause)
{
	struct posix_dir dir;
	int error;
	/* Not only at the end: a large file takes time, and there may be no room. */
	int rc = find_existing(kind, what, o, cause);

	if (rc == SOURCE_UNUSABLE)
		return rc;
	if (rc != 0) {
		if (rc > 0)
			buf_str(cause, POSIX_EXISTS);
		errno = rc > 0 ? EEXIST : EINVAL;
		return -1;
	}
	rc = posix_dir_open(&dir, &to_change, cause);
	if (rc < 0)
		return rc;
	rc = make_file(posix_of(kind), &dir, what, o, cause);
	error = errno;
	posix_dir_close(&dir);
	errno = error;
	return rc;
}
