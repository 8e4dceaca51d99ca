/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_NAMES_H
#define LIB_NAMES_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/buf.h"

/*
 * The name of a user or group, or the number as text if it has no name.  The result is
 * valid until the next call of the same function.  Results are cached, because a listing
 * needs the same few names again and again.
 */
const char *names_user(uid_t uid);
const char *names_group(gid_t gid);

/*
 * From now on the ids are those of another user namespace, whose names ipctool does not
 * know: names_user() and names_group() return numbers.
 */
void names_use_numbers(void);
bool names_are_numbers(void);

/* The errno of the first failed look-up by these two functions, 0 if none failed.  After
 * a failure a number may be shown although there is a name. */
int names_error(void);

/*
 * Finds a user or group by name or number.  0, or -1: errno is 0 if there is none, else
 * the error of the database.  A number needs no database.  The number 4294967295 is never
 * found, because the kernel takes it for "not given".
 */
int names_find_user(const char *text, uid_t *uid);
int names_find_group(const char *text, gid_t *gid);

/* Appends why these functions failed, by errno: "unknown user 'x'", or the reason of
 * the failed look-up.  what is "user" or "group". */
void names_explain(struct buf *cause, const char *what, const char *name);

/* Parses [USER][:GROUP] as chown(1) does.  "USER:" is the user with the login group.  A
 * part that is left out keeps *uid or *gid.  0, or -1 with the cause. */
int names_parse_owner(const char *text, uid_t *uid, gid_t *gid, struct buf *cause);

#endif
