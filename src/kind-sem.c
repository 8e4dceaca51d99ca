/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/sem.h>

#include "sysv.h"

#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif

/* semctl(2) leaves it to the program to declare its last argument. */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

static const struct sysv_column columns[] = {
	{ "semid", FACT_ID, 10, 31 },
	{ "nsems", FACT_NSEMS, 10, 64 },
	{ "otime", FACT_OTIME, 10, 63 },
	{ 0 },
};

static const struct kind_state states[] = {
	{ 0 },
};

static int
info(struct sysv_info *info)
{
	struct seminfo sem;
	int max = semctl(0, 0, SEM_INFO, (union semun){ .info = &sem });

	if (max < 0)
		return -1;
	*info = (struct sysv_info){ max, sem.semusz };
	return 0;
}

static int
stat_index(int index, struct object *o)
{
	struct semid_ds ds;
	int id = semctl(index, 0, SEM_STAT_ANY, (union semun){ .buf = &ds });

	if (id < 0)
		return -1;
	object_set(o, FACT_ID, id);
	sysv_set_perm(o, &ds.sem_perm);
	object_set(o, FACT_CTIME, ds.sem_ctime);
	object_set(o, FACT_NSEMS, ds.sem_nsems);
	object_set(o, FACT_OTIME, ds.sem_otime);
	return 0;
}

#define STAT_FACTS (SYSV_FACTS | FACT(NSEMS) | FACT(OTIME))

const struct sysv sysv_sem = {
	.kind = {
		.name = "sem",
		.title = "semaphore sets",
		.facts = STAT_FACTS,
		.use = FACT_NSEMS,
		.use_one = " semaphore",
		.use_many = " semaphores",
		.columns = "ref,key,owner,mode,nsems,otime,active,state",
		.states = states,
	},
	.proc_path = "/proc/sysvipc/sem",
	.columns = columns,
	.stat_facts = STAT_FACTS,
	.info = info,
	.stat_index = stat_index,
};
