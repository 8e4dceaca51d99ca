/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "num.h"
#include "xalloc.h"

/* user_from_uid(3) caches as well, but cuts names after 31 bytes. */
enum { SLOTS = 256 };

struct slot {
	bool known;
	id_t id;
	struct buf name;
};

static const char *
find(struct slot slots[SLOTS], id_t id, const char *(*ask)(id_t id))
{
	struct slot *slot = &slots[id % SLOTS];
	const char *name;

	if (slot->known && slot->id == id)
		return buf_text(&slot->name);
	slot->name.len = 0;
	slot->known = true;
	slot->id = id;
	name = ask(id);
	if (name != NULL)
		buf_str(&slot->name, name);
	else
		buf_number(&slot->name, id);
	return buf_text(&slot->name);
}

static const char *
ask_user(id_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user != NULL ? user->pw_name : NULL;
}

static const char *
ask_group(id_t gid)
{
	const struct group *group = getgrgid(gid);

	return group != NULL ? group->gr_name : NULL;
}

const char *
names_user(uid_t uid)
{
	static struct slot slots[SLOTS];

	return find(slots, uid, ask_user);
}

const char *
names_group(gid_t gid)
{
	static struct slot slots[SLOTS];

	return find(slots, gid, ask_group);
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
