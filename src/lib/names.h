/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_NAMES_H
#define LIB_NAMES_H

#include <sys/types.h>

#include "lib/buf.h"

/*
 * The name of a user or a group, or the number as text where there is none.  The result
 * stays valid until the next call of the same function.  Look-ups are cached: a listing
 * asks for the same few names again and again.
 */
const char *names_user(uid_t uid);
const char *names_group(gid_t gid);

/* The errno of the first look-up by these two that failed, so that a number stands
 * where there may be a name; 0 if there was none. */
int names_error(void);

/*
 * The user or group of this name, or of this number.  0, or -1: errno is 0 when there is
 * none, or says why the database could not be read.  A number needs no database.  The
 * number 4294967295 is none, because the kernel takes it for "not given".
 */
int names_find_user(const char *text, uid_t *uid);
int names_find_group(const char *text, gid_t *gid);

/* Appends why these found none, by errno: "there is no user 'x'", or why the look-up
 * failed; what is "user" or "group". */
void names_explain(struct buf *cause, const char *what, const char *name);

/*
 * Reads [USER][:GROUP] as chown(1) does: "USER:" is the user with the login group, and
 * what is left out stays as it is in *uid and *gid.  0, or -1 with the cause.
 */
int names_parse_owner(const char *text, uid_t *uid, gid_t *gid, struct buf *cause);

#endif
