/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The counterpart of ipctool: copies messages and segments from standard input and to
 * standard output, byte by byte, and checks whether a process waits. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ROOM (1024 * 1024)
#define AWAIT_SECONDS 15

struct message {
	long type;
	char text[ROOM];
};

static long
type_argument(int argc, char **argv, long type, long min)
{
	const char *value;

	if (argc <= 2)
		return type;
	if (!named_value(argv[2], "type", &value))
		usage("unknown argument: %s", argv[2]);
	return (long)number(value, "type", min, LONG_MAX);
}

int
put_message(int argc, char **argv)
{
	static struct message message;
	size_t size;

	need_args(argc, argv, 1, 2);
	message.type = type_argument(argc, argv, 1, 1);
	size = fread(message.text, 1, ROOM, stdin);
	if (msgsnd(object_id(argv[1]), &message, size, IPC_NOWAIT) < 0)
		err(1, "msgsnd");
	return 0;
}

int
get_message(int argc, char **argv)
{
	static struct message message;
	ssize_t size;
	long type;

	need_args(argc, argv, 1, 2);
	type = type_argument(argc, argv, 0, LONG_MIN);
	size = msgrcv(object_id(argv[1]), &message, ROOM, type, IPC_NOWAIT);
	if (size < 0)
		err(1, "msgrcv");
	fwrite(message.text, 1, (size_t)size, stdout);
	return 0;
}

static size_t
attach_all(int id, char **data)
{
	struct shmid_ds ds;

	if (shmctl(id, IPC_STAT, &ds) < 0)
		err(1, "IPC_STAT");
	*data = shmat(id, NULL, 0);
	if (*data == (void *)-1)
		err(1, "shmat");
	return ds.shm_segsz;
}

int
fill_segment(int argc, char **argv)
{
	char *data;
	size_t size;

	need_args(argc, argv, 1, 1);
	size = attach_all(object_id(argv[1]), &data);
	if (fread(data, 1, size, stdin) < size)
		errx(1, "standard input: too short");
	return 0;
}

int
dump_segment(int argc, char **argv)
{
	char *data;
	size_t size;

	need_args(argc, argv, 1, 1);
	size = attach_all(object_id(argv[1]), &data);
	fwrite(data, 1, size, stdout);
	return 0;
}

/* Whether the process sleeps in the system call; false if it does not exist. */
static bool
sleeps_in(long pid, long wanted)
{
	char path[64];
	FILE *file;
	long call;
	int n;

	snprintf(path, sizeof path, "/proc/%ld/syscall", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	n = fscanf(file, "%ld", &call);
	fclose(file);
	return n == 1 && call == wanted;
}

int
await(int argc, char **argv)
{
	static const struct {
		const char *name;
		long number;
	} calls[] = {
		{ "mq_timedreceive", SYS_mq_timedreceive },
		{ "mq_timedsend", SYS_mq_timedsend },
		{ "msgrcv", SYS_msgrcv },
		{ "msgsnd", SYS_msgsnd },
		{ "read", SYS_read },
		{ "write", SYS_write },
	};
	const struct timespec pause = { .tv_nsec = 1000000 };
	time_t end = time(NULL) + AWAIT_SECONDS;
	long pid;
	size_t i = 0;

	need_args(argc, argv, 2, 2);
	pid = (long)number(argv[1], "pid", 1, INT_MAX);
	while (strcmp(calls[i].name, argv[2]) != 0)
		if (++i == ARRAY_SIZE(calls))
			usage("no such call: %s", argv[2]);
	while (!sleeps_in(pid, calls[i].number)) {
		if (time(NULL) > end)
			errx(1, "process %ld: not in %s after %d s", pid, argv[2],
				AWAIT_SECONDS);
		nanosleep(&pause, NULL);
	}
	return 0;
}
