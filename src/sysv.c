/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysv.h"

#include <sys/ipc.h>

const struct sysv_column sysv_common_columns[] = {
	{ "key", FACT_KEY, 10, 32, .is_signed = true },
	{ "perms", FACT_MODE, 8, 16 },
	{ "uid", FACT_UID, 10, 32 },
	{ "gid", FACT_GID, 10, 32 },
	{ "cuid", FACT_CUID, 10, 32 },
	{ "cgid", FACT_CGID, 10, 32 },
	{ "ctime", FACT_CTIME, 10, 63 },
	{ 0 },
};

const struct sysv *
sysv_of(const struct kind *kind)
{
	return (const struct sysv *)((const char *)kind - offsetof(struct sysv, kind));
}

void
sysv_set_perm(struct object *o, const struct ipc_perm *perm)
{
	object_set(o, FACT_KEY, (uint32_t)perm->__key);
	object_set(o, FACT_MODE, perm->mode);
	object_set(o, FACT_UID, perm->uid);
	object_set(o, FACT_GID, perm->gid);
	object_set(o, FACT_CUID, perm->cuid);
	object_set(o, FACT_CGID, perm->cgid);
}
