/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops-shm.h"

#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

/* Linux 5.14 and later. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

static int
attach(const struct object *o, bool writing, struct mapping *m)
{
	struct shmid_ds ds;
	void *data = shmat(o->fact[FACT_ID], NULL, writing ? 0 : SHM_RDONLY);

	if (data == (void *)-1)
		return -1;
	/* The object may have been read when another one had its id. */
	m->data = data;
	m->size = shmctl(o->fact[FACT_ID], IPC_STAT, &ds) == 0 ? ds.shm_segsz
							       : o->fact[FACT_SIZE];
	return 0;
}

static void
detach(const struct mapping *m)
{
	shmdt(m->data);
}

static void
populate(const struct mapping *m, uint64_t offset, uint64_t length, bool writing)
{
	uint64_t first = offset - offset % sysconf(_SC_PAGESIZE);

	madvise(m->data + first, offset + length - first,
		writing ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

const struct memory_ops sysv_memory_ops = {
	.attach = attach,
	.detach = detach,
	.populate = populate,
};
