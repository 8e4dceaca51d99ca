/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/names.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/num.h"
#include "lib/xalloc.h"

/* The errno of the first failed look-up, or 0.  A failure does not prove that there is no
 * name. */
static int error_of_names;

/* A name that was looked up.  user_from_uid(3) remembers names as well, but cuts them
 * after 31 bytes, and only few at a time. */
struct known {
	id_t id;
	char name[]; /* the number as text if there is no name */
};

/* All names of users, or of groups, that were looked up: a hash table. */
struct names {
	const char *(*ask)(id_t id);
	struct known **slots; /* NULL is free */
	size_t room; /* a power of two, at least twice the count */
	size_t count;
	const struct known *last; /* Objects that follow each other often have the same
				   * owner. */
};

/* Maps the errno of an unsuccessful look-up to 0 if it means "no such entry"; getpwnam(3)
 * and getgrnam(3) have several values for that. */
static int
failure(int error)
{
	switch (error) {
	case EBADF:
	case ENOENT:
	case EPERM:
	case ESRCH:
		return 0;
	default:
		return error;
	}
}

static struct known *
look_up(const struct names *names, id_t id)
{
	struct known *known;
	char number[16];
	const char *name;

	errno = 0;
	name = names->ask(id);
	if (name == NULL) {
		if (error_of_names == 0)
			error_of_names = failure(errno);
		snprintf(number, sizeof number, "%u", (unsigned)id);
		name = number;
	}
	known = xcalloc(1, sizeof *known + strlen(name) + 1);
	known->id = id;
	memcpy(known->name, name, strlen(name));
	return known;
}

/* The slot of an id, or the free slot for it. */
static struct known **
find_slot(const struct names *names, id_t id)
{
	for (size_t at = (uint32_t)(id * UINT32_C(2654435761));; at++) {
		struct known **slot = &names->slots[at & (names->room - 1)];

		if (*slot == NULL || (*slot)->id == id)
			return slot;
	}
}

static void
grow_slots(struct names *names)
{
	struct known **old = names->slots;
	size_t room = names->room;

	names->room = room == 0 ? 16 : room * 2;
	names->slots = xcalloc(names->room, sizeof *names->slots);
	for (size_t i = 0; i < room; i++)
		if (old[i] != NULL)
			*find_slot(names, old[i]->id) = old[i];
	free(old);
}

static const char *
find_name(struct names *names, id_t id)
{
	struct known **slot;

	if (names->last != NULL && names->last->id == id)
		return names->last->name;
	if (names->count * 2 >= names->room)
		grow_slots(names);
	slot = find_slot(names, id);
	if (*slot == NULL) {
		*slot = look_up(names, id);
		names->count++;
	}
	names->last = *slot;
	return names->last->name;
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

static const char *
ask_nothing(id_t id)
{
	(void)id;
	return NULL;
}

static bool only_numbers;

void
names_use_numbers(void)
{
	only_numbers = true;
}

bool
names_are_numbers(void)
{
	return only_numbers;
}

const char *
names_user(uid_t uid)
{
	static struct names users = { .ask = ask_user };
	static struct names numbers = { .ask = ask_nothing };

	return find_name(only_numbers ? &numbers : &users, uid);
}

const char *
names_group(gid_t gid)
{
	static struct names groups = { .ask = ask_group };
	static struct names numbers = { .ask = ask_nothing };

	return find_name(only_numbers ? &numbers : &groups, gid);
}

int
names_error(void)
{
	return error_of_names;
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

/* Parses a user or group as a number, if the database has no such name. */
static int
find_instead(const char *text, int error, unsigned *number)
{
	if (find_number(text, number) == 0)
		return 0;
	errno = failure(error);
	return -1;
}

int
names_find_user(const char *text, uid_t *uid)
{
	const struct passwd *pw;

	errno = 0;
	pw = getpwnam(text);
	if (pw == NULL)
		return find_instead(text, errno, uid);
	*uid = pw->pw_uid;
	return 0;
}

int
names_find_group(const char *text, gid_t *gid)
{
	const struct group *gr;

	errno = 0;
	gr = getgrnam(text);
	if (gr == NULL)
		return find_instead(text, errno, gid);
	*gid = gr->gr_gid;
	return 0;
}

void
names_explain(struct buf *cause, const char *what, const char *name)
{
	int error = errno;

	buf_printf(cause, "%s %s '%s'", error == 0 ? "unknown" : "cannot look up the",
		what, name);
	if (error != 0)
		buf_printf(cause, ": %s", strerror(error));
}

/* The login group of a user, given as text.  0, or -1 with the cause. */
static int
find_login_group(const char *user, uid_t uid, gid_t *gid, struct buf *cause)
{
	const struct passwd *pw;

	errno = 0;
	pw = getpwuid(uid);
	if (pw == NULL) {
		errno = failure(errno);
		if (errno == 0)
			buf_printf(cause,
				"user '%s' has no login group; expected USER:GROUP",
				user);
		else
			names_explain(cause, "user", user);
		return -1;
	}
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
		buf_printf(cause,
			"invalid owner '%s': expected USER, USER:GROUP, USER: or :GROUP",
			text);
	else if (*user != '\0' && names_find_user(user, uid) < 0)
		names_explain(cause, "user", user);
	else if (group != NULL && *group != '\0' && names_find_group(group, gid) < 0)
		names_explain(cause, "group", group);
	else if (group == NULL || *group != '\0')
		rc = 0;
	else
		rc = find_login_group(user, *uid, gid, cause);
	free(user);
	return rc;
}
