/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For LD_PRELOAD: another program changes a segment at the same time, and knows no lock.
 * It reads before the first IPC_SET and writes what it has read after it, with the owner
 * that is in MEDDLE_UID.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/shm.h>

int
shmctl(int id, int command, struct shmid_ds *ds)
{
	static int (*real)(int id, int command, struct shmid_ds *ds);
	static int done;
	struct shmid_ds before;
	int rc;

	if (real == NULL)
		real = (int (*)(int, int, struct shmid_ds *))dlsym(RTLD_NEXT, "shmctl");
	if (command != IPC_SET || done++ != 0 || real(id, IPC_STAT, &before) < 0)
		return real(id, command, ds);
	rc = real(id, command, ds);
	before.shm_perm.uid = atoi(getenv("MEDDLE_UID"));
	real(id, command, &before);
	return rc;
}
