/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMES_H
#define NAMES_H

#include <sys/types.h>

/*
 * The name of a user or a group, or the number as text where there is none.  The result
 * stays valid until the next call of the same function.  Look-ups are cached
 * (user_from_uid(3)): a listing asks for the same few names again and again.
 */
const char *names_user(uid_t uid);
const char *names_group(gid_t gid);

#endif
