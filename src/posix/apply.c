/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing the mode and the owner of the file of an object. */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <unistd.h>

#include "kind/access.h"
#include "posix/dir.h"
#include "posix/name.h"

bool
posix_may_change(const struct object *o)
{
	uid_t owner = o->fact[FACT_UID];

	return (owner == geteuid() || access_has_here(CAP_FOWNER)) &&
		!access_sees_unmapped_user(owner);
}

/* chown(2) */
bool
posix_may_give(const struct object *old, const struct object *wanted)
{
	gid_t group = wanted->fact[FACT_GID];

	if (access_has_here(CAP_CHOWN))
		return true;
	return old->fact[FACT_UID] == wanted->fact[FACT_UID] &&
		(old->fact[FACT_GID] == group || access_in_group(group));
}

/* Opens the file so that no permission for it is needed, and checks that it is still the
 * object.  Returns the descriptor, or -1 with errno: ENOENT if it is gone or another. */
static int
open_path(const struct object *o)
{
	struct object now = { .kind = o->kind };
	struct posix_dir dir;
	struct buf cause = { 0 };
	mode_t type;
	int fd, error, rc;

	if (posix_of(o->kind)->open_dir(&dir, NULL, &cause) < 0) {
		error = errno;
		buf_free(&cause);
		errno = error;
		return -1;
	}
	fd = openat(dir.fd, posix_file(o->label), O_PATH | O_NOFOLLOW | O_CLOEXEC);
	error = errno;
	posix_dir_close(&dir);
	errno = error;
	if (fd < 0)
		return -1;
	rc = posix_read_file(fd, "", false, 0, &now, &type);
	if (rc == 1 && type == S_IFREG && o->kind->same(o, &now))
		return fd;
	error = rc < 0 ? errno : ENOENT;
	close(fd);
	errno = error;
	return -1;
}

/* Only what is to change is set: the rest may have changed meanwhile. */
static int
change_path(const char *path, const struct object *old, const struct object *wanted)
{
	unsigned old_mode = old->fact[FACT_MODE] & 0777;
	unsigned mode = wanted->fact[FACT_MODE] & 0777;
	bool keeps_user = old->fact[FACT_UID] == wanted->fact[FACT_UID];
	bool keeps_group = old->fact[FACT_GID] == wanted->fact[FACT_GID];
	int error;

	/* The mode first: only the owner may set it. */
	if (mode != old_mode && chmod(path, mode) < 0)
		return -1;
	if ((keeps_user && keeps_group) ||
		chown(path, keeps_user ? (uid_t)-1 : wanted->fact[FACT_UID],
			keeps_group ? (gid_t)-1 : wanted->fact[FACT_GID]) == 0)
		return 0;
	error = errno;
	if (mode != old_mode)
		chmod(path, old_mode);
	errno = error;
	return -1;
}

int
posix_apply(const struct object *old, const struct object *wanted)
{
	char path[64];
	int error, rc;
	int fd = open_path(old);

	if (fd < 0)
		return -1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	rc = change_path(path, old, wanted);
	error = errno;
	close(fd);
	errno = error;
	return rc;
}
