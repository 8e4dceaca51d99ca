/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "names.h"

#include <grp.h>
#include <pwd.h>

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
