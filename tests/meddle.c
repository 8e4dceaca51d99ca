/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For LD_PRELOAD: another program that does not use the lock changes a segment at the
 * same time.  It reads the segment before the first IPC_SET, and writes the old values
 * after it, with the owner in MEDDLE_UID.
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
