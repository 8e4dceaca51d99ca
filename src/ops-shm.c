/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops-shm.h"

#include <errno.h>
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
	int error;

	if (data == (void *)-1)
		return -1;
	/* The object may have been read when another one, maybe a larger one, had its id. */
	if (shmctl(o->fact[FACT_ID], IPC_STAT, &ds) < 0) {
		error = errno;
		shmdt(data);
		errno = error;
		return -1;
	}
	*m = (struct mapping){ data, ds.shm_segsz };
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
