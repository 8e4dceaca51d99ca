/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/shm.h>

#include "sysv.h"

#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif

static const struct sysv_column columns[] = {
	{ "shmid", FACT_ID, 10, 31 },
	{ "size", FACT_SIZE, 10, 64 },
	{ "cpid", FACT_CPID, 10, 31 },
	{ "lpid", FACT_LPID, 10, 31 },
	{ "nattch", FACT_NATTCH, 10, 64 },
	{ "atime", FACT_ATIME, 10, 63 },
	{ "dtime", FACT_DTIME, 10, 63 },
	{ "rss", FACT_RSS, 10, 64 },
	{ "swap", FACT_SWAP, 10, 64 },
	{ 0 },
};

static const struct kind_state states[] = {
	{ SHM_DEST, "dest" },
	{ SHM_LOCKED, "locked" },
	{ 0 },
};

static int
info(struct sysv_info *info)
{
	struct shm_info shm;
	int max = shmctl(0, SHM_INFO, (struct shmid_ds *)&shm);

	if (max < 0)
		return -1;
	*info = (struct sysv_info){ max, shm.used_ids };
	return 0;
}

static int
stat_index(int index, struct object *o)
{
	struct shmid_ds ds;
	int id = shmctl(index, SHM_STAT_ANY, &ds);

	if (id < 0)
		return -1;
	object_set(o, FACT_ID, id);
	sysv_set_perm(o, &ds.shm_perm);
	object_set(o, FACT_CTIME, ds.shm_ctime);
	object_set(o, FACT_SIZE, ds.shm_segsz);
	object_set(o, FACT_NATTCH, ds.shm_nattch);
	object_set(o, FACT_CPID, ds.shm_cpid);
	object_set(o, FACT_LPID, ds.shm_lpid);
	object_set(o, FACT_ATIME, ds.shm_atime);
	object_set(o, FACT_DTIME, ds.shm_dtime);
	return 0;
}

#define STAT_FACTS                                                                    \
	(SYSV_FACTS | FACT(SIZE) | FACT(NATTCH) | FACT(CPID) | FACT(LPID) |            \
	 FACT(ATIME) | FACT(DTIME))

const struct sysv sysv_shm = {
	.kind = {
		.name = "shm",
		.title = "shared memory segments",
		.facts = STAT_FACTS | FACT(RSS) | FACT(SWAP),
		.use = FACT_NATTCH,
		.use_one = " attached",
		.use_many = " attached",
		.columns = "ref,key,owner,mode,size,nattch,cpid,lpid,active,state",
		.states = states,
	},
	.proc_path = "/proc/sysvipc/shm",
	.columns = columns,
	.stat_facts = STAT_FACTS,
	.info = info,
	.stat_index = stat_index,
};
