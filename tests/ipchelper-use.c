/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The factories that use an object: attach, wait, send, receive, operate. */

#include "ipchelper.h"

#include <err.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

struct message {
	long type;
	char text[];
};

static struct message *
new_message(size_t size, long type)
{
	struct message *message = malloc(sizeof *message + size);

	if (!message)
		err(1, "message");
	message->type = type;
	memset(message->text, 'x', size);
	return message;
}

static void *
attach_once(int id, int flags)
{
	void *address = shmat(id, NULL, flags);

	if (address == (void *)-1)
		err(1, "shmat");
	return address;
}

int
attach(int argc, char **argv)
{
	const char *value;
	long long times = 1;
	bool moves = false;
	int flags = 0;
	int id;
	int i;

	need_args(argc, argv, 1, 3);
	id = object_id(argv[1]);
	for (i = 2; i < argc; i++) {
		if (named_value(argv[i], "times", &value))
			times = number(value, "times", 1, 10000);
		else if (strcmp(argv[i], "ro") == 0)
			flags = SHM_RDONLY;
		else if (strcmp(argv[i], "move") == 0)
			moves = true;
		else
			usage("unknown argument: %s", argv[i]);
	}
	while (times-- > 0)
		attach_once(id, flags);
	if (moves && unshare(CLONE_NEWIPC) < 0)
		err(1, "unshare");
	printf("%d %ld\n", id, (long)getpid());
	return hold();
}

int
attach_dest(int argc, char **argv)
{
	const char *value;
	key_t key = IPC_PRIVATE;
	size_t size;
	int id;

	need_args(argc, argv, 1, 2);
	size = (size_t)number(argv[1], "size", 1, LONG_MAX);
	if (argc > 2) {
		if (!named_value(argv[2], "key", &value))
			usage("unknown argument: %s", argv[2]);
		key = (key_t)number(value, "key", INT_MIN, UINT_MAX);
	}
	id = shmget(key, size, IPC_CREAT | IPC_EXCL | 0600);
	if (id < 0)
		err(1, "shmget");
	attach_once(id, 0);
	if (shmctl(id, IPC_RMID, NULL) < 0)
		err(1, "IPC_RMID");
	printf("%d %ld\n", id, (long)getpid());
	return hold();
}

int
touch(int argc, char **argv)
{
	char *address;

	need_args(argc, argv, 1, 1);
	address = attach_once(object_id(argv[1]), 0);
	*address = 'x';
	if (shmdt(address) < 0)
		err(1, "shmdt");
	return 0;
}

struct sem_wait {
	int id;
	struct sembuf op;
	int count; /* GETNCNT or GETZCNT */
	int before;
};

static int
call_semop(void *data)
{
	struct sem_wait *wait = data;

	return semop(wait->id, &wait->op, 1);
}

/* Whether the kernel's count of waiters has grown, if it may be read. */
static bool
sem_queued(void *data, pid_t child)
{
	const struct sem_wait *wait = data;
	int now = semctl(wait->id, wait->op.sem_num, wait->count);

	(void)child;
	return wait->before < 0 || now > wait->before;
}

int
sem_wait_for(int argc, char **argv)
{
	static const long syscalls[] = {
#ifdef SYS_semop
		SYS_semop,
#endif
#ifdef SYS_semtimedop
		SYS_semtimedop,
#endif
#ifdef SYS_semtimedop_time64
		SYS_semtimedop_time64,
#endif
	};
	struct sem_wait wait = { .count = GETZCNT };
	struct blocker blocker = {
		.syscalls = syscalls,
		.nsyscalls = ARRAY_SIZE(syscalls),
		.what = "semop",
		.call = call_semop,
		.queued = sem_queued,
		.data = &wait,
	};

	need_args(argc, argv, 3, 3);
	wait.id = blocker.id = object_id(argv[1]);
	wait.op.sem_num = (unsigned short)number(argv[2], "semaphore", 0, USHRT_MAX);
	if (strcmp(argv[3], "dec") == 0) {
		wait.op.sem_op = -1;
		wait.count = GETNCNT;
	} else if (strcmp(argv[3], "zero") != 0) {
		usage("neither dec nor zero: %s", argv[3]);
	}
	wait.before = semctl(wait.id, wait.op.sem_num, wait.count);
	return hold_blocked(&blocker);
}

struct msg_wait {
	int id;
	long type;
};

static int
call_msgrcv(void *data)
{
	const struct msg_wait *wait = data;
	struct message *message = new_message(64, 0);

	return (int)msgrcv(wait->id, message, 64, wait->type, MSG_NOERROR);
}

int
msg_wait(int argc, char **argv)
{
	static const long syscalls[] = { SYS_msgrcv };
	struct msg_wait wait = { 0 };
	struct blocker blocker = {
		.syscalls = syscalls,
		.nsyscalls = ARRAY_SIZE(syscalls),
		.what = "msgrcv",
		.call = call_msgrcv,
		.data = &wait,
	};

	need_args(argc, argv, 1, 2);
	wait.id = blocker.id = object_id(argv[1]);
	if (argc > 2)
		wait.type = (long)number(argv[2], "type", LONG_MIN, LONG_MAX);
	return hold_blocked(&blocker);
}

static int
call_msgsnd(void *data)
{
	return msgsnd(*(int *)data, new_message(1, 1), 1, 0);
}

/* Fills the queue completely, with large messages first and then messages of one byte. */
static void
fill(int id)
{
	struct message *message = new_message(4096, 1);
	size_t size;

	for (size = 4096; size > 0; size /= 2)
		while (msgsnd(id, message, size, IPC_NOWAIT) == 0)
			;
	free(message);
}

int
send_wait(int argc, char **argv)
{
	static const long syscalls[] = { SYS_msgsnd };
	struct blocker blocker = {
		.syscalls = syscalls,
		.nsyscalls = ARRAY_SIZE(syscalls),
		.what = "msgsnd",
		.call = call_msgsnd,
	};

	need_args(argc, argv, 1, 1);
	blocker.id = object_id(argv[1]);
	blocker.data = &blocker.id;
	fill(blocker.id);
	return hold_blocked(&blocker);
}

int
send_messages(int argc, char **argv)
{
	struct message *message;
	const char *value;
	long long count;
	size_t size;
	long type = 1;
	int id;

	need_args(argc, argv, 3, 4);
	id = object_id(argv[1]);
	count = number(argv[2], "count", 0, INT_MAX);
	size = (size_t)number(argv[3], "size", 0, INT_MAX);
	if (argc > 4) {
		if (!named_value(argv[4], "type", &value))
			usage("unknown argument: %s", argv[4]);
		type = (long)number(value, "type", 1, LONG_MAX);
	}
	message = new_message(size, type);
	while (count-- > 0)
		if (msgsnd(id, message, size, IPC_NOWAIT) < 0)
			err(1, "msgsnd");
	free(message);
	return 0;
}

int
receive(int argc, char **argv)
{
	const size_t room = 1024 * 1024;
	struct message *message;
	const char *value;
	ssize_t size;
	long type = 0;
	int id;

	need_args(argc, argv, 1, 2);
	id = object_id(argv[1]);
	if (argc > 2) {
		if (!named_value(argv[2], "type", &value))
			usage("unknown argument: %s", argv[2]);
		type = (long)number(value, "type", LONG_MIN, LONG_MAX);
	}
	message = new_message(room, 0);
	size = msgrcv(id, message, room, type, IPC_NOWAIT);
	if (size < 0)
		err(1, "msgrcv");
	printf("%zd\n", size);
	free(message);
	return 0;
}

int
sem_op(int argc, char **argv)
{
	struct sembuf op = { .sem_flg = IPC_NOWAIT };

	need_args(argc, argv, 3, 4);
	op.sem_num = (unsigned short)number(argv[2], "semaphore", 0, USHRT_MAX);
	op.sem_op = (short)number(argv[3], "delta", SHRT_MIN, SHRT_MAX);
	if (argc > 4 && strcmp(argv[4], "undo") != 0)
		usage("unknown argument: %s", argv[4]);
	if (argc > 4)
		op.sem_flg |= SEM_UNDO;
	if (semop(object_id(argv[1]), &op, 1) < 0)
		err(1, "semop");
	return 0;
}

int
set_value(int argc, char **argv)
{
	union semun value;
	int num;

	need_args(argc, argv, 3, 3);
	num = (int)number(argv[2], "semaphore", 0, USHRT_MAX);
	value.val = (int)number(argv[3], "value", INT_MIN, INT_MAX);
	if (semctl(object_id(argv[1]), num, SETVAL, value) < 0)
		err(1, "SETVAL");
	return 0;
}

int
set_all(int argc, char **argv)
{
	struct semid_ds data;
	union semun all;
	unsigned short value;
	size_t i;
	int id;

	need_args(argc, argv, 2, 2);
	id = object_id(argv[1]);
	value = (unsigned short)number(argv[2], "value", 0, USHRT_MAX);
	if (semctl(id, 0, IPC_STAT, (union semun){ .buf = &data }) < 0)
		err(1, "IPC_STAT");
	all.array = calloc(data.sem_nsems, sizeof *all.array);
	if (!all.array)
		err(1, "values");
	for (i = 0; i < data.sem_nsems; i++)
		all.array[i] = value;
	if (semctl(id, 0, SETALL, all) < 0)
		err(1, "SETALL");
	free(all.array);
	return 0;
}
