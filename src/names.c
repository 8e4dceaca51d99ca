/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "num.h"
#include "xalloc.h"

const char *
names_user(uid_t uid)
{
	return user_from_uid(uid, 0);
}

const char *
names_group(gid_t gid)
{
	return group_from_gid(gid, 0);
}

static int
find_number(const char *text, unsigned *number)
{
	uint64_t n;

	if (num_range(text, 0, UINT32_MAX - 1, &n) < 0)
		return -1;
	*number = n;
	return 0;
}

int
names_find_user(const char *text, uid_t *uid)
{
	const struct passwd *pw = getpwnam(text);

	if (pw == NULL)
		return find_number(text, uid);
	*uid = pw->pw_uid;
	return 0;
}

int
names_find_group(const char *text, gid_t *gid)
{
	const struct group *gr = getgrnam(text);

	if (gr == NULL)
		return find_number(text, gid);
	*gid = gr->gr_gid;
	return 0;
}

static int
login_group(uid_t uid, gid_t *gid)
{
	const struct passwd *pw = getpwuid(uid);

	if (pw == NULL)
		return -1;
	*gid = pw->pw_gid;
	return 0;
}

int
names_parse_owner(const char *text, uid_t *uid, gid_t *gid, struct buf *cause)
{
	char *user = xstrdup(text);
	char *group = strchr(user, ':');
	int rc = -1;

	if (group != NULL)
		*group++ = '\0';
	if (*user == '\0' && (group == NULL || *group == '\0'))
		buf_str(cause, "an owner is USER, USER:GROUP, USER: or :GROUP");
	else if (*user != '\0' && names_find_user(user, uid) < 0)
		buf_printf(cause, "there is no user '%s'", user);
	else if (group != NULL && *group != '\0' && names_find_group(group, gid) < 0)
		buf_printf(cause, "there is no group '%s'", group);
	else if (group != NULL && *group == '\0' && login_group(*uid, gid) < 0)
		buf_printf(cause, "the user '%s' has no login group", user);
	else
		rc = 0;
	free(user);
	return rc;
}
