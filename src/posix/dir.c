/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posix/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kind/ipcns.h"
#include "lib/calls.h"
#include "posix/name.h"
#include "process/mounts.h"

/* Appends why the directory cannot be trusted, if it is not on a tmpfs. */
static void
check_type(const struct posix_dir *dir, const struct statfs *fs, struct buf *why)
{
	struct mounts mounts = { 0 };

	if (fs->f_type == TMPFS_MAGIC)
		return;
	buf_printf(why, "%s is not a tmpfs (", POSIX_SHM);
	mounts_put_type(&mounts, dir->st.st_dev, why);
	buf_char(why, ')');
	mounts_free(&mounts);
}

/* That of the current IPC namespace, or NULL for the caller's own. */
static const struct ipcns_shm *
shm_elsewhere(void)
{
	return ipcns_now() == NULL ? NULL : ipcns_now()->shm;
}

const char *
posix_shm_path(void)
{
	const struct ipcns_shm *shm = shm_elsewhere();

	return shm == NULL ? POSIX_SHM : shm->path;
}

const char *
posix_shm_entering(void)
{
	const struct ipcns_shm *shm = shm_elsewhere();

	return shm == NULL ? NULL : shm->entering;
}

int
posix_shm_is_whole(const struct posix_dir *dir)
{
	const struct ipcns_shm *shm = shm_elsewhere();
	struct mounts mounts = { 0 };
	char *path;
	int whole, error;

	if (shm != NULL)
		return shm->is_whole;
	path = realpath(POSIX_SHM, NULL);
	whole = path == NULL ? -1 : mounts_show_root(&mounts, dir->st.st_dev, path);
	error = errno;
	free(path);
	mounts_free(&mounts);
	errno = error;
	return whole;
}

/* Appends why a call failed. */
static int
put_failed(const char *call, struct buf *cause)
{
	int error = errno;

	buf_printf(cause, "cannot %s '%s': %s", call, posix_shm_path(), strerror(error));
	errno = error;
	return -1;
}

/* Looks at the file system of the directory. */
static int
check_dir(const struct posix_dir *dir, const struct source_options *options,
	struct buf *cause)
{
	struct buf why = { 0 };
	struct statfs fs;
	int rc = 0;

	if (fstatfs(dir->fd, &fs) < 0)
		return put_failed("read", cause);
	check_type(dir, &fs, &why);
	if (why.len > 0 && options->changes) {
		buf_printf(cause, "%s; nothing was done", buf_text(&why));
		rc = SOURCE_UNUSABLE;
		errno = EPERM;
	} else if (why.len > 0) {
		buf_str(&why,
			"; creation times and leases may be missing, and only list and "
			"stat work on it");
		options->warn(buf_text(&why));
	}
	buf_free(&why);
	return rc;
}

/* Opens the directory.  Returns as posix_dir_open() does. */
static int
open_shm(struct posix_dir *dir, struct buf *cause)
{
	const struct ipcns_shm *shm = shm_elsewhere();
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

	dir->fd = -1;
	dir->is_shown = shm == NULL;
	dir->has_devices = shm != NULL;
	dir->may_open = shm == NULL || shm->may_open;
	if (shm != NULL && shm->refusal != NULL) {
		buf_str(cause, shm->refusal);
		errno = EPERM;
		return SOURCE_UNUSABLE;
	}
	dir->fd = shm == NULL ? open(POSIX_SHM, flags) : openat(shm->fd, ".", flags);
	if (dir->fd >= 0 && fstat(dir->fd, &dir->st) == 0)
		return 0;
	put_failed("open", cause);
	/* Any other failure may be that of one call. */
	return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? SOURCE_UNUSABLE
								      : -1;
}

/* Whether the caller's own /dev/shm is this directory, too. */
static bool
is_own_shm(const struct posix_dir *dir)
{
	struct stat own;

	return stat(POSIX_SHM, &own) == 0 && own.st_dev == dir->st.st_dev &&
		own.st_ino == dir->st.st_ino;
}

int
posix_dir_open(
	struct posix_dir *dir, const struct source_options *options, struct buf *cause)
{
	int rc = open_shm(dir, cause), error;

	/* That of another namespace was checked when it was found. */
	if (rc == 0 && shm_elsewhere() != NULL)
		dir->is_shown = is_own_shm(dir);
	else if (rc == 0 && options != NULL &&
		(options->changes || options->warn != NULL))
		rc = check_dir(dir, options, cause);
	if (rc < 0) {
		error = errno;
		posix_dir_close(dir);
		errno = error;
	}
	return rc;
}

void
posix_dir_close(struct posix_dir *dir)
{
	if (dir->fd >= 0)
		close(dir->fd);
	dir->fd = -1;
}

/* Sets whether a file has an ACL, unless that cannot be determined. */
static void
read_acl(int fd, const char *file, bool follows, struct object *o)
{
	static const char acl[] = "system.posix_acl_access";
	char path[64 + NAME_MAX];
	ssize_t size;

	if (*file == '/')
		snprintf(path, sizeof path, "%s", file);
	else
		snprintf(path, sizeof path, "/proc/self/fd/%d/%s", fd, file);
	size = follows ? getxattr(path, acl, NULL, 0) : lgetxattr(path, acl, NULL, 0);
	if (size >= 0 || errno == ENODATA || errno == ENOTSUP)
		object_set(o, FACT_ACL, size > 0);
}

static void
take_facts(const struct statx *st, struct object *o)
{
	enum { BLOCK = 512 }; /* stat(2): the unit of st_blocks */

	object_set(o, FACT_DEVICE, makedev(st->stx_dev_major, st->stx_dev_minor));
	object_set(o, FACT_INODE, st->stx_ino);
	object_set(o, FACT_NLINK, st->stx_nlink);
	object_set(o, FACT_MODE,
		(st->stx_mode & 0777) | (st->stx_nlink == 0 ? POSIX_DEST : 0));
	object_set(o, FACT_UID, st->stx_uid);
	object_set(o, FACT_GID, st->stx_gid);
	object_set(o, FACT_SIZE, st->stx_size);
	object_set(o, FACT_ALLOC, st->stx_blocks * BLOCK);
	object_set(o, FACT_ATIME, st->stx_atime.tv_sec);
	object_set(o, FACT_MTIME, st->stx_mtime.tv_sec);
	object_set(o, FACT_CTIME, st->stx_ctime.tv_sec);
	if (st->stx_mask & STATX_BTIME)
		object_set(o, FACT_BTIME, st->stx_btime.tv_sec);
}

int
posix_read_file(int fd, const char *file, bool follows, facts_t wanted, struct object *o,
	mode_t *type)
{
	int flags = AT_STATX_DONT_SYNC | (follows ? 0 : AT_SYMLINK_NOFOLLOW) |
		(*file == '\0' ? AT_EMPTY_PATH : 0);
	struct statx st;

	if (statx(fd, file, flags, STATX_BASIC_STATS | STATX_BTIME, &st) < 0)
		return errno == ENOENT ? 0 : -1;
	*type = st.stx_mode & S_IFMT;
	if (*type != S_IFREG)
		return 1;
	take_facts(&st, o);
	/* Some kinds do not have them all; semaphore_suffices() looks at the size. */
	o->have &= o->kind->facts;
	/* It is read by the name, so that the file need not be opened. */
	if (wanted & o->kind->facts & FACT(ACL))
		read_acl(fd, file, follows, o);
	return 1;
}

/* Whether a descriptor is of the file of an object; if not, closes it. */
static bool
is_file_of(int fd, const struct object *o)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_dev == o->fact[FACT_DEVICE] && st.st_ino == o->fact[FACT_INODE])
		return true;
	close(fd);
	errno = ESTALE;
	return false;
}

static int
open_quietly(int dir, const char *file, int flags)
{
	int fd;

	flags |= O_NONBLOCK | O_CLOEXEC;
	fd = openat(dir, file, flags | O_NOATIME);
	/* O_NOATIME is for the owner and for CAP_FOWNER. */
	return fd < 0 && errno == EPERM ? openat(dir, file, flags) : fd;
}

/* Opens what a path, which may be that of another file meanwhile, leads to with these
 * flags: it is not opened if it is a device, which that would disturb. */
static int
open_held(int dir, const char *file, int flags, const struct object *o, int access)
{
	int fd, held = openat(dir, file, flags | O_PATH | O_CLOEXEC);
	char path[64];
	int error;

	if (held < 0 || !is_file_of(held, o))
		return -1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", held);
	fd = open_quietly(AT_FDCWD, path, access);
	error = errno;
	close(held);
	errno = error;
	return fd;
}

/* Opens a file by its name in the directory. */
static int
open_in(const struct posix_dir *dir, const char *file, const struct object *o, int access)
{
	int fd;

	if (!dir->may_open) {
		errno = EPERM;
		return -1;
	}
	if (dir->has_devices)
		return open_held(dir->fd, file, O_NOFOLLOW, o, access);
	fd = open_quietly(dir->fd, file, access | O_NOFOLLOW);
	return fd < 0 || is_file_of(fd, o) ? fd : -1;
}

int
posix_open_file(const struct posix_dir *dir, const char *file, const struct object *o)
{
	if (*file != '/')
		return open_in(dir, file, o, O_RDONLY);
	if (dir->may_open)
		/* A link in /proc. */
		return open_held(AT_FDCWD, file, 0, o, O_RDONLY);
	errno = EPERM;
	return -1;
}

int
posix_open(const struct posix_dir *dir, const struct object *o)
{
	return posix_open_file(dir, posix_file(o->label), o);
}

int
posix_open_to(const struct posix_dir *dir, const struct object *o, int access)
{
	return open_in(dir, posix_file(o->label), o, access);
}
