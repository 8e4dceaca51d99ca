/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The factories that make one object and exit, so that its creator is gone. */

#include "ipchelper.h"

#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* The named arguments of a factory; -1 means "not given". */
struct wishes {
	key_t key;
	int mode;
	long long uid;
	long long gid;
	long long qbytes;
	bool locked;
	bool noreserve;
};

/* The arguments for some types only. */
enum { FOR_SHM = 1, FOR_MSG = 2 };

static void
parse_wish(struct wishes *wishes, const char *arg, int types)
{
	const char *value;

	if (named_value(arg, "key", &value))
		wishes->key = (key_t)number(value, "key", INT_MIN, UINT_MAX);
	else if (named_value(arg, "mode", &value))
		wishes->mode = (int)number(value, "mode", 0, 0777);
	else if (named_value(arg, "uid", &value))
		wishes->uid = number(value, "uid", 0, UINT_MAX - 1);
	else if (named_value(arg, "gid", &value))
		wishes->gid = number(value, "gid", 0, UINT_MAX - 1);
	else if (named_value(arg, "as", &value))
		become((uid_t)number(value, "as", 0, UINT_MAX - 1));
	else if (types & FOR_MSG && named_value(arg, "qbytes", &value))
		wishes->qbytes = number(value, "qbytes", 0, LONG_MAX);
	else if (types & FOR_SHM && strcmp(arg, "locked") == 0)
		wishes->locked = true;
	else if (types & FOR_SHM && strcmp(arg, "noreserve") == 0)
		wishes->noreserve = true;
	else
		usage("unknown argument: %s", arg);
}

static struct wishes
parse_wishes(int argc, char **argv, int first, int types)
{
	struct wishes wishes = {
		.key = IPC_PRIVATE, .mode = 0600, .uid = -1, .gid = -1, .qbytes = -1
	};
	int i;

	for (i = first; i < argc; i++)
		parse_wish(&wishes, argv[i], types);
	return wishes;
}

static bool
wants_change(const struct wishes *wishes)
{
	return wishes->uid >= 0 || wishes->gid >= 0 || wishes->qbytes >= 0;
}

static void
change(struct ipc_perm *perm, const struct wishes *wishes)
{
	if (wishes->uid >= 0)
		perm->uid = (uid_t)wishes->uid;
	if (wishes->gid >= 0)
		perm->gid = (gid_t)wishes->gid;
	perm->mode = (unsigned short)wishes->mode;
}

/* An object that is changed afterwards is created with mode 0600, because IPC_STAT, which
 * precedes IPC_SET, needs read permission. */
static int
flags_for(const struct wishes *wishes)
{
	return IPC_CREAT | IPC_EXCL | (wants_change(wishes) ? 0600 : wishes->mode);
}

int
make_shm(int argc, char **argv)
{
	struct wishes wishes;
	struct shmid_ds data;
	long long size;
	int id;

	need_args(argc, argv, 1, INT_MAX);
	size = number(argv[1], "size", 0, LONG_MAX);
	wishes = parse_wishes(argc, argv, 2, FOR_SHM);
	id = shmget(wishes.key, (size_t)size,
		flags_for(&wishes) | (wishes.noreserve ? SHM_NORESERVE : 0));
	if (id < 0)
		err(1, "shmget");
	if (wishes.locked && shmctl(id, SHM_LOCK, NULL) < 0)
		err(1, "SHM_LOCK");
	if (wants_change(&wishes)) {
		if (shmctl(id, IPC_STAT, &data) < 0)
			err(1, "IPC_STAT");
		change(&data.shm_perm, &wishes);
		if (shmctl(id, IPC_SET, &data) < 0)
			err(1, "IPC_SET");
	}
	printf("%d\n", id);
	return 0;
}

int
make_sem(int argc, char **argv)
{
	struct wishes wishes;
	struct semid_ds data;
	int nsems;
	int id;

	need_args(argc, argv, 1, INT_MAX);
	nsems = (int)number(argv[1], "nsems", 0, INT_MAX);
	wishes = parse_wishes(argc, argv, 2, 0);
	id = semget(wishes.key, nsems, flags_for(&wishes));
	if (id < 0)
		err(1, "semget");
	if (wants_change(&wishes)) {
		if (semctl(id, 0, IPC_STAT, (union semun){ .buf = &data }) < 0)
			err(1, "IPC_STAT");
		change(&data.sem_perm, &wishes);
		if (semctl(id, 0, IPC_SET, (union semun){ .buf = &data }) < 0)
			err(1, "IPC_SET");
	}
	printf("%d\n", id);
	return 0;
}

int
make_msg(int argc, char **argv)
{
	struct wishes wishes = parse_wishes(argc, argv, 1, FOR_MSG);
	struct msqid_ds data;
	int id = msgget(wishes.key, flags_for(&wishes));

	if (id < 0)
		err(1, "msgget");
	if (wants_change(&wishes)) {
		if (msgctl(id, IPC_STAT, &data) < 0)
			err(1, "IPC_STAT");
		change(&data.msg_perm, &wishes);
		if (wishes.qbytes >= 0)
			data.msg_qbytes = (msglen_t)wishes.qbytes;
		if (msgctl(id, IPC_SET, &data) < 0)
			err(1, "IPC_SET");
	}
	printf("%d\n", id);
	return 0;
}
