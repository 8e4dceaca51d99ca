/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Many processes, other namespaces, and mappings that only look like segments. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Time for a thread to start waiting; more than any machine needs. */
#define WAIT_SECONDS 15

/* The first of the users of a crowd: the owners that bulk makes objects of. */
#define FIRST_USER 700000

int
elsewhere(int argc, char **argv)
{
	need_args(argc, argv, 1, INT_MAX);
	if (unshare(CLONE_NEWIPC) < 0)
		err(1, "unshare");
	return run_factory(argc - 1, argv + 1);
}

int
keep(int argc, char **argv)
{
	int flags = 0;

	need_args(argc, argv, 1, 2);
	if (argc > 2 && strcmp(argv[2], "ro") != 0)
		usage("unknown argument: %s", argv[2]);
	if (argc > 2)
		flags = SHM_RDONLY;
	if (shmat(object_id(argv[1]), NULL, flags) == (void *)-1)
		err(1, "shmat");
	return 0;
}

/* Ends with its parent. */
static _Noreturn void
linger(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	for (;;)
		pause();
}

int
crowd(int argc, char **argv)
{
	pid_t parent = getpid();
	bool users = argc > 2 && strcmp(argv[2], "users") == 0;
	long count, i;
	pid_t pid;

	need_args(argc, argv, 1, 2);
	count = (long)number(argv[1], "number of processes", 0, 100000);
	/* Before the forks, so that all of them inherit it. */
	if (argc > 2 && !users && shmat(object_id(argv[2]), NULL, 0) == (void *)-1)
		err(1, "shmat");
	printf("%ld", (long)parent);
	fflush(stdout);
	for (i = 0; i < count; i++) {
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (pid == 0 && users)
			become((uid_t)(FIRST_USER + i));
		if (pid == 0)
			linger(parent);
		if (count <= 100)
			printf(" %ld", (long)pid);
	}
	putchar('\n');
	hold();
	/* They end with this process, and whoever inherits them reaps them. */
	return 0;
}

/* A process that attaches and detaches, creates and removes, and ends, again and
 * again. */
static _Noreturn void
come_and_go(pid_t parent, int id)
{
	pid_t child;
	int other;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	for (;;) {
		child = fork();
		if (child < 0)
			_exit(1);
		if (child == 0) {
			shmat(id, NULL, 0);
			other = shmget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
			shmat(other, NULL, 0);
			shmctl(other, IPC_RMID, NULL);
			other = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
			semctl(other, 0, IPC_RMID);
			other = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
			msgctl(other, IPC_RMID, NULL);
			_exit(0);
		}
		waitpid(child, NULL, 0);
	}
}

int
churn(int argc, char **argv)
{
	pid_t parent = getpid();
	long count, i;
	pid_t pid;
	int id;

	need_args(argc, argv, 2, 2);
	count = (long)number(argv[1], "number of processes", 1, 1000);
	id = object_id(argv[2]);
	for (i = 0; i < count; i++) {
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (pid == 0)
			come_and_go(parent, id);
	}
	printf("%ld\n", (long)parent);
	return hold();
}

int
memfd(int argc, char **argv)
{
	struct stat st;
	int fd;

	need_args(argc, argv, 1, 1);
	fd = memfd_create(argv[1], MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 4096) < 0 || fstat(fd, &st) < 0 ||
		mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		err(1, "memfd");
	printf("%llu %ld\n", (unsigned long long)st.st_ino, (long)getpid());
	return hold();
}

/* What a thread waits for. */
struct threadwait {
	bool sem;
	int id;
};

static void *
wait_in_thread(void *data)
{
	const struct threadwait *what = data;
	struct sembuf op = { .sem_op = -1 };
	struct {
		long type;
		char text[64];
	} message;
	int rc;

	if (what->sem)
		rc = semop(what->id, &op, 1);
	else
		rc = (int)msgrcv(what->id, &message, sizeof message.text, 7, MSG_NOERROR);
	if (rc < 0)
		warn("wait");
	_exit(1);
}

/* Whether the last thread of the process sleeps in a call on this object. */
static bool
thread_sleeps(pid_t pid, int id)
{
	char command[128];
	unsigned long long first = 0;
	FILE *pipe;
	bool found = false;
	long call;

	snprintf(command, sizeof command, "cat /proc/%ld/task/*/syscall 2>/dev/null",
		(long)pid);
	pipe = popen(command, "re");
	if (!pipe)
		err(1, "popen");
	while (!found && fscanf(pipe, "%ld%*[ ]%llx%*[^\n]", &call, &first) > 0)
		found = (int)first == id;
	pclose(pipe);
	return found;
}

int
threadwait(int argc, char **argv)
{
	const struct timespec pause_a_bit = { .tv_nsec = 5000000 };
	time_t end = time(NULL) + WAIT_SECONDS;
	struct threadwait what;
	pid_t parent = getpid();
	pthread_t thread;
	pid_t pid;

	need_args(argc, argv, 2, 2);
	what.sem = strcmp(argv[1], "sem") == 0;
	if (!what.sem && strcmp(argv[1], "msg") != 0)
		usage("neither sem nor msg: %s", argv[1]);
	what.id = object_id(argv[2]);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			_exit(1);
		if (pthread_create(&thread, NULL, wait_in_thread, &what) != 0)
			_exit(1);
		pthread_exit(NULL);
	}
	while (!thread_sleeps(pid, what.id)) {
		if (waitpid(pid, NULL, WNOHANG) != 0 || time(NULL) > end)
			errx(1, "the thread does not wait");
		nanosleep(&pause_a_bit, NULL);
	}
	printf("%d %ld\n", what.id, (long)pid);
	hold();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
