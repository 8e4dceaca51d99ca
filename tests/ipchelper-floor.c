/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The bare system calls that a command of ipctool cannot do without, for tests/bench. */

#include "ipchelper.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads each object by its index, and removes it if told so. */
static void
each_segment(bool remove)
{
	struct shm_info info;
	struct shmid_ds data;
	int last = shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&info);

	for (int index = 0; index <= last; index++) {
		int id = shmctl(index, SHM_STAT_ANY, &data);

		if (id >= 0 && remove && shmctl(id, IPC_RMID, NULL) < 0)
			err(1, "shmctl");
	}
}

static void
each_set(bool remove)
{
	struct seminfo info;
	struct semid_ds data;
	int last = semctl(0, 0, SEM_INFO, (union semun){ .info = &info });

	for (int index = 0; index <= last; index++) {
		int id = semctl(index, 0, SEM_STAT_ANY, (union semun){ .buf = &data });

		if (id >= 0 && remove && semctl(id, 0, IPC_RMID) < 0)
			err(1, "semctl");
	}
}

static void
each_queue(bool remove)
{
	struct msginfo info;
	struct msqid_ds data;
	int last = msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info);

	for (int index = 0; index <= last; index++) {
		int id = msgctl(index, MSG_STAT_ANY, &data);

		if (id >= 0 && remove && msgctl(id, IPC_RMID, NULL) < 0)
			err(1, "msgctl");
	}
}

static void
each_object(bool remove)
{
	each_segment(remove);
	each_set(remove);
	each_queue(remove);
}

/* Sends this many messages of one byte, or receives and writes them. */
static void
move_messages(int id, long count, bool send)
{
	struct {
		long mtype;
		char text[2];
	} m = { .mtype = 1, .text = "x\n" };

	for (long n = 0; n < count; n++)
		if (send ? msgsnd(id, &m, 1, IPC_NOWAIT) < 0
			 : msgrcv(id, &m, 1, 0, IPC_NOWAIT) < 0 ||
					write(STDOUT_FILENO, m.text, 2) != 2)
			err(1, "message %ld", n);
}

/* Reads a file of a process to its end; a process that has ended has none. */
static void
read_file(const char *pid, const char *name)
{
	static char data[65536];
	char path[512];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	while ((n = read(fd, data, sizeof data)) > 0)
		continue;
	close(fd);
}

static void
read_status(const char *pid)
{
	struct stat st;
	char path[512];

	read_file(pid, "stat");
	read_file(pid, "status");
	snprintf(path, sizeof path, "/proc/%s/ns/ipc", pid);
	stat(path, &st);
}

static void
read_maps(const char *pid)
{
	read_file(pid, "maps");
}

/* Calls each() with the numbers that a directory below /proc has; that of a process that
 * has ended has none. */
static void
each_number(
	const char *pid, const char *name, void (*each)(const char *pid, const char *n))
{
	const struct dirent *entry;
	char path[512];
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
			each(pid, entry->d_name);
	if (dir != NULL)
		closedir(dir);
}

static void
read_call(const char *pid, const char *tid)
{
	char name[512];

	snprintf(name, sizeof name, "task/%s/syscall", tid);
	read_file(pid, name);
}

static void
read_link(const char *pid, const char *fd)
{
	char path[512], text[512];

	snprintf(path, sizeof path, "/proc/%s/fd/%s", pid, fd);
	(void)!readlink(path, text, sizeof text);
}

static void
read_calls(const char *pid)
{
	each_number(pid, "task", read_call);
	each_number(pid, "fd", read_link);
}

static void
each_process(void (*each)(const char *pid))
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;

	if (dir == NULL)
		err(1, "/proc");
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			each(entry->d_name);
	closedir(dir);
}

int
bare_calls(int argc, char **argv)
{
	const char *what;

	need_args(argc, argv, 1, 3);
	what = argv[1];
	if (strcmp(what, "stat") == 0)
		each_object(false);
	else if (strcmp(what, "remove") == 0)
		each_object(true);
	else if (strcmp(what, "maps") == 0)
		each_process(read_maps);
	else if (strcmp(what, "status") == 0)
		each_process(read_status);
	else if (strcmp(what, "calls") == 0)
		each_process(read_calls);
	else if (argc == 4 && (strcmp(what, "send") == 0 || strcmp(what, "recv") == 0))
		move_messages(object_id(argv[2]),
			(long)number(argv[3], "number of messages", 0, 100000000),
			*what == 's');
	else
		usage("bare: no such calls: %s", what);
	return 0;
}
