/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Prints an object by the C library, as an oracle that shares no code with ipctool. */

#include "ipchelper.h"

#include <err.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static void
print_number(const char *name, intmax_t value)
{
	printf("%s=%" PRIdMAX "\n", name, value);
}

static void
print_unsigned(const char *name, uintmax_t value)
{
	printf("%s=%" PRIuMAX "\n", name, value);
}

static void
print_perm(const struct ipc_perm *perm)
{
	printf("key=0x%08x\n", (unsigned)perm->__key);
	printf("mode=%04o\n", (unsigned)perm->mode);
	print_unsigned("uid", perm->uid);
	print_unsigned("gid", perm->gid);
	print_unsigned("cuid", perm->cuid);
	print_unsigned("cgid", perm->cgid);
}

static void
raw_shm(int id)
{
	struct shmid_ds data;

	if (shmctl(id, IPC_STAT, &data) < 0)
		err(1, "IPC_STAT");
	print_perm(&data.shm_perm);
	print_unsigned("size", data.shm_segsz);
	print_unsigned("nattch", data.shm_nattch);
	print_number("cpid", data.shm_cpid);
	print_number("lpid", data.shm_lpid);
	print_number("atime", data.shm_atime);
	print_number("dtime", data.shm_dtime);
	print_number("ctime", data.shm_ctime);
}

static void
raw_semaphore(int id, int num)
{
	static const struct {
		const char *name;
		int command;
	} values[] = {
		{ "val", GETVAL },
		{ "pid", GETPID },
		{ "ncnt", GETNCNT },
		{ "zcnt", GETZCNT },
	};
	size_t i;
	int value;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		value = semctl(id, num, values[i].command);
		if (value < 0)
			err(1, "%s of semaphore %d", values[i].name, num);
		printf("%s.%d=%d\n", values[i].name, num, value);
	}
}

static void
raw_sem(int id)
{
	struct semid_ds data;
	int num;

	if (semctl(id, 0, IPC_STAT, (union semun){ .buf = &data }) < 0)
		err(1, "IPC_STAT");
	print_perm(&data.sem_perm);
	print_unsigned("nsems", data.sem_nsems);
	print_number("otime", data.sem_otime);
	print_number("ctime", data.sem_ctime);
	for (num = 0; num < (int)data.sem_nsems; num++)
		raw_semaphore(id, num);
}

static void
raw_msg(int id)
{
	struct msqid_ds data;

	if (msgctl(id, IPC_STAT, &data) < 0)
		err(1, "IPC_STAT");
	print_perm(&data.msg_perm);
	print_unsigned("cbytes", data.__msg_cbytes);
	print_unsigned("qnum", data.msg_qnum);
	print_unsigned("qbytes", data.msg_qbytes);
	print_number("lspid", data.msg_lspid);
	print_number("lrpid", data.msg_lrpid);
	print_number("stime", data.msg_stime);
	print_number("rtime", data.msg_rtime);
	print_number("ctime", data.msg_ctime);
}

static void
info_shm(void)
{
	struct shminfo limits;
	struct shm_info used;
	int max = shmctl(0, IPC_INFO, (void *)&limits);

	if (max < 0 || shmctl(0, SHM_INFO, (void *)&used) < 0)
		err(1, "SHM_INFO");
	print_number("max_index", max);
	print_number("used_ids", used.used_ids);
	print_unsigned("shm_tot", used.shm_tot);
	print_unsigned("shm_rss", used.shm_rss);
	print_unsigned("shm_swp", used.shm_swp);
	print_unsigned("shmmax", limits.shmmax);
	print_unsigned("shmmin", limits.shmmin);
	print_unsigned("shmmni", limits.shmmni);
	print_unsigned("shmall", limits.shmall);
}

static void
info_sem(void)
{
	struct seminfo limits;
	struct seminfo used;
	int max = semctl(0, 0, IPC_INFO, (union semun){ .info = &limits });

	if (max < 0 || semctl(0, 0, SEM_INFO, (union semun){ .info = &used }) < 0)
		err(1, "SEM_INFO");
	print_number("max_index", max);
	/* SEM_INFO returns the usage in members where IPC_INFO has two constants. */
	print_number("used_ids", used.semusz);
	print_number("semaphores", used.semaem);
	print_number("semmni", limits.semmni);
	print_number("semmns", limits.semmns);
	print_number("semmsl", limits.semmsl);
	print_number("semopm", limits.semopm);
	print_number("semvmx", limits.semvmx);
}

static void
info_msg(void)
{
	struct msginfo limits;
	struct msginfo used;
	int max = msgctl(0, IPC_INFO, (void *)&limits);

	if (max < 0 || msgctl(0, MSG_INFO, (void *)&used) < 0)
		err(1, "MSG_INFO");
	print_number("max_index", max);
	/* So does MSG_INFO: queues, messages and bytes in the whole namespace. */
	print_number("used_ids", used.msgpool);
	print_number("messages", used.msgmap);
	print_number("bytes", used.msgtql);
	print_number("msgmni", limits.msgmni);
	print_number("msgmax", limits.msgmax);
	print_number("msgmnb", limits.msgmnb);
}

static void
remove_shm(int id)
{
	if (shmctl(id, IPC_RMID, NULL) < 0)
		err(1, "IPC_RMID");
}

static void
remove_sem(int id)
{
	if (semctl(id, 0, IPC_RMID) < 0)
		err(1, "IPC_RMID");
}

static void
remove_msg(int id)
{
	if (msgctl(id, IPC_RMID, NULL) < 0)
		err(1, "IPC_RMID");
}

static void
give_shm(int id, uid_t uid)
{
	struct shmid_ds data;

	if (shmctl(id, IPC_STAT, &data) < 0)
		err(1, "IPC_STAT");
	data.shm_perm.uid = uid;
	if (shmctl(id, IPC_SET, &data) < 0)
		err(1, "IPC_SET");
}

static void
give_sem(int id, uid_t uid)
{
	struct semid_ds data;

	if (semctl(id, 0, IPC_STAT, (union semun){ .buf = &data }) < 0)
		err(1, "IPC_STAT");
	data.sem_perm.uid = uid;
	if (semctl(id, 0, IPC_SET, (union semun){ .buf = &data }) < 0)
		err(1, "IPC_SET");
}

static void
give_msg(int id, uid_t uid)
{
	struct msqid_ds data;

	if (msgctl(id, IPC_STAT, &data) < 0)
		err(1, "IPC_STAT");
	data.msg_perm.uid = uid;
	if (msgctl(id, IPC_SET, &data) < 0)
		err(1, "IPC_SET");
}

struct type {
	const char *name;
	void (*raw)(int id);
	void (*info)(void);
	void (*remove)(int id);
	void (*give)(int id, uid_t uid);
};

static const struct type *
find_type(const char *name)
{
	static const struct type types[] = {
		{ "shm", raw_shm, info_shm, remove_shm, give_shm },
		{ "sem", raw_sem, info_sem, remove_sem, give_sem },
		{ "msg", raw_msg, info_msg, remove_msg, give_msg },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(name, types[i].name) == 0)
			return &types[i];
	usage("no such type: %s", name);
}

int
raw(int argc, char **argv)
{
	need_args(argc, argv, 2, 2);
	find_type(argv[1])->raw(object_id(argv[2]));
	return 0;
}

int
raw_index(int argc, char **argv)
{
	need_args(argc, argv, 1, 1);
	find_type(argv[1])->info();
	return 0;
}

int
remove_object(int argc, char **argv)
{
	need_args(argc, argv, 2, 2);
	find_type(argv[1])->remove(object_id(argv[2]));
	return 0;
}

int
give_object(int argc, char **argv)
{
	need_args(argc, argv, 3, 3);
	find_type(argv[1])->give(
		object_id(argv[2]), (uid_t)number(argv[3], "UID", 0, UINT32_MAX - 1));
	return 0;
}
