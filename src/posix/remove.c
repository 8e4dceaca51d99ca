/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Removing the name of an object, and no other.  Between a look and unlink(2) another
 * object may get the name, or a process may open the object.  So the file gets a new,
 * random name first, is compared, and loses that name only if it is still the one that
 * was judged, and no process has opened it.  Otherwise it gets its name back.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/calls.h"
#include "posix/lease.h"
#include "posix/name.h"
#include "process/mounts.h"

struct removal_work {
	const struct object *o;
	struct posix_dir dir;
	const char *file;
	char new_name[64]; /* of the file while it is compared */
	struct lease lease;
};

bool
posix_may_remove(const struct object *o)
{
	uid_t uid = geteuid();
	struct buf cause = { 0 };
	struct posix_dir dir;
	bool may_write;

	if (posix_of(o->kind)->open_dir(&dir, NULL, &cause) < 0) {
		buf_free(&cause);
		return false;
	}
	may_write = faccessat(dir.fd, ".", W_OK | X_OK, AT_EACCESS) == 0;
	posix_dir_close(&dir);
	if (!may_write)
		return false;
	if (!(dir.st.st_mode & S_ISVTX) || dir.st.st_uid == uid)
		return true;
	return posix_may_change(o);
}

/* The name ".ipctool-" and 16 random digits, after the prefix of the kind. */
static int
make_name(struct removal_work *w)
{
	uint64_t random;

	if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
		return -1;
	snprintf(w->new_name, sizeof w->new_name, "%s.ipctool-%016llx",
		posix_of(w->o->kind)->prefix, (unsigned long long)random);
	return 0;
}

/* Whether the file is as it was at the last look, times included. */
static bool
is_unchanged(const struct object *o, const struct stat *st)
{
	return st->st_dev == o->fact[FACT_DEVICE] && st->st_ino == o->fact[FACT_INODE] &&
		st->st_nlink == o->fact[FACT_NLINK] &&
		(st->st_mode & 0777) == (o->fact[FACT_MODE] & 0777) &&
		st->st_uid == o->fact[FACT_UID] && st->st_gid == o->fact[FACT_GID] &&
		(!object_has(o, FACT(SIZE)) ||
			(uint64_t)st->st_size == o->fact[FACT_SIZE]) &&
		(uint64_t)st->st_atim.tv_sec == o->fact[FACT_ATIME] &&
		(uint64_t)st->st_mtim.tv_sec == o->fact[FACT_MTIME] &&
		(uint64_t)st->st_ctim.tv_sec == o->fact[FACT_CTIME];
}

/*
 * Checks that a name is that of the object.  0, or -1 with errno: ESTALE if it is that of
 * another.  EBUSY if a file is mounted on it: then the object is that file, and the name
 * is that of another one below.  The kernel checks this in our mount namespace only.
 */
static int
check_named(const struct removal_work *w, const char *name)
{
	int flags = AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW;
	struct statx st;

	if (statx(w->dir.fd, name, flags, STATX_INO, &st) < 0)
		return -1;
	errno = EBUSY;
	if (st.stx_attributes & STATX_ATTR_MOUNT_ROOT)
		return -1;
	errno = ESTALE;
	return makedev(st.stx_dev_major, st.stx_dev_minor) == w->o->fact[FACT_DEVICE] &&
			st.stx_ino == w->o->fact[FACT_INODE]
		? 0
		: -1;
}

/* What became of the removal.  Text is made of it once the lease has been given back. */
enum removed {
	REMOVED,
	REMOVED_FAILED, /* a call failed, with errno */
	REMOVED_CHANGED,
	REMOVED_OPENED,
	REMOVED_ANOTHER,
	REMOVED_RENAMED, /* it could not get its name back */
};

/* The calls between the lease and its end, and nothing else. */
static enum removed
unlink_file(const struct removal_work *w, bool checks)
{
	enum removed result;
	struct stat st;

	if (checks && (fstat(w->lease.fd, &st) < 0 || !is_unchanged(w->o, &st)))
		return REMOVED_CHANGED;
	if (renameat2(w->dir.fd, w->file, w->dir.fd, w->new_name, RENAME_NOREPLACE) < 0)
		return REMOVED_FAILED;
	if (check_named(w, w->new_name) < 0)
		result = errno == EBUSY ? REMOVED_FAILED : REMOVED_ANOTHER;
	else if (checks && !lease_holds(&w->lease))
		result = REMOVED_OPENED;
	else if (unlinkat(w->dir.fd, w->new_name, 0) == 0)
		return REMOVED;
	else
		result = REMOVED_FAILED;
	if (renameat2(w->dir.fd, w->new_name, w->dir.fd, w->file, RENAME_NOREPLACE) < 0)
		return REMOVED_RENAMED;
	return result;
}

static void
put_result(const struct removal_work *w, enum removed result, struct buf *cause)
{
	switch (result) {
	case REMOVED:
	case REMOVED_FAILED:
		break;
	case REMOVED_CHANGED:
		buf_str(cause, "no longer matches the selection; not removed");
		break;
	case REMOVED_OPENED:
		buf_str(cause, "was opened meanwhile; not removed");
		break;
	case REMOVED_ANOTHER:
		buf_str(cause, "another object has this name now; not removed");
		break;
	case REMOVED_RENAMED:
		buf_printf(cause, "not removed and now named %s:/", w->o->kind->name);
		posix_put_name(cause, w->new_name + strlen(posix_of(w->o->kind)->prefix));
		buf_str(cause, ": another object has its former name");
		break;
	}
}

/* Removes the file.  The object is used again, or gone, if there is no lease. */
static enum removed
remove_file(struct removal_work *w, bool checks)
{
	enum used used;
	enum removed result;
	int error;

	if (make_name(w) < 0)
		return REMOVED_FAILED;
	if (check_named(w, w->file) < 0)
		return errno == ESTALE ? REMOVED_ANOTHER : REMOVED_FAILED;
	/* The file is not opened, so that no lease of another process ends. */
	if (!checks)
		return unlink_file(w, false);
	used = lease_take(&w->lease, &w->dir, w->o, true);
	if (used == USED_UNOPENED + ESTALE)
		return REMOVED_ANOTHER;
	if (used != USED_NO) {
		errno = used >= USED_UNOPENED ? (int)(used - USED_UNOPENED) : 0;
		return errno == ENOENT ? REMOVED_FAILED : REMOVED_OPENED;
	}
	result = unlink_file(w, true);
	error = errno;
	lease_end(&w->lease);
	errno = error;
	/* A file that has lost its name has another link count. */
	if (result == REMOVED_CHANGED && check_named(w, w->file) < 0)
		return errno == ESTALE ? REMOVED_ANOTHER : REMOVED_FAILED;
	return result;
}

int
posix_remove(const struct object *o, bool checks, struct buf *cause)
{
	struct removal_work w = { .o = o, .file = posix_file(o->label) };
	struct buf why = { 0 };
	enum removed result;
	int error;

	if (posix_dir_open(&w.dir, NULL, &why) < 0) {
		error = errno;
		buf_free(&why);
		errno = error;
		return -1;
	}
	/* Memory is allocated before the name is removed. */
	buf_grow(cause, 4096);
	result = remove_file(&w, checks);
	error = errno;
	put_result(&w, result, cause);
	posix_dir_close(&w.dir);
	errno = result == REMOVED_FAILED ? error : ECANCELED;
	return result == REMOVED ? 0 : -1;
}
