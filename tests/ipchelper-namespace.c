/* SPDX-License-Identifier: GPL-3.0-or-later */

/* IPC namespaces, and what keeps them alive. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Moves the thread to a new namespace with a segment of this size, unless it is 0. */
static void
enter_new(size_t size)
{
	if (unshare(CLONE_NEWIPC) < 0)
		err(1, "unshare");
	if (size > 0 && shmget(IPC_PRIVATE, size, 0600) < 0)
		err(1, "shmget");
}

static unsigned long
number_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		err(1, "%s", path);
	return st.st_ino;
}

/* A child that is in a new namespace when this returns. */
static pid_t
fork_into_new(size_t size)
{
	pid_t parent = getpid(), child;
	int ends[2];
	char byte;

	if (pipe2(ends, O_CLOEXEC) < 0 || (child = fork()) < 0)
		err(1, "fork");
	if (child == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			err(1, "prctl");
		enter_new(size);
		if (write(ends[1], "", 1) != 1)
			err(1, "write");
		close(ends[0]);
		close(ends[1]);
		for (;;)
			pause();
	}
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		exit(1);
	close(ends[0]);
	return child;
}

static void
end_child(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static int
keep_by_process(size_t size)
{
	enter_new(size);
	printf("%lu %d\n", number_of("/proc/self/ns/ipc"), (int)getpid());
	return hold();
}

static pid_t thread_id;
static size_t thread_size;
static pthread_barrier_t thread_is_ready;

static void *
run_thread(void *unused)
{
	(void)unused;
	enter_new(thread_size);
	thread_id = (pid_t)syscall(SYS_gettid);
	pthread_barrier_wait(&thread_is_ready);
	for (;;)
		pause();
	return NULL;
}

static int
keep_by_thread(size_t size)
{
	char path[64];
	pthread_t thread;

	thread_size = size;
	pthread_barrier_init(&thread_is_ready, NULL, 2);
	errno = pthread_create(&thread, NULL, run_thread, NULL);
	if (errno != 0)
		err(1, "pthread_create");
	pthread_barrier_wait(&thread_is_ready);
	snprintf(path, sizeof path, "/proc/self/task/%d/ns/ipc", (int)thread_id);
	printf("%lu %d %d\n", number_of(path), (int)getpid(), (int)thread_id);
	return hold();
}

static int
keep_by_descriptor(size_t size)
{
	pid_t child = fork_into_new(size);
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/%d/ns/ipc", (int)child);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "%s", path);
	printf("%lu %d %d\n", number_of(path), (int)getpid(), fd);
	end_child(child);
	return hold();
}

/* The size of each segment is another one: size, size + 1 ... */
static int
keep_many(size_t size, long long count)
{
	pid_t *children = calloc(count, sizeof *children);
	int rc;

	if (!children)
		err(1, "calloc");
	for (long long i = 0; i < count; i++)
		children[i] = fork_into_new(size + i);
	printf("%lld %d\n", count, (int)getpid());
	rc = hold();
	for (long long i = 0; i < count; i++)
		end_child(children[i]);
	free(children);
	return rc;
}

/* A child makes namespaces that end at once. */
static int
come_and_go(size_t size)
{
	pid_t parent = getpid(), child = fork();
	int rc;

	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
			err(1, "prctl");
		for (;;)
			end_child(fork_into_new(size));
	}
	printf("%d\n", (int)child);
	rc = hold();
	end_child(child);
	return rc;
}

int namespace(int argc, char **argv)
{
	long long size = 0, count = 1;
	const char *value;

	need_args(argc, argv, 1, 3);
	for (int i = 2; i < argc; i++) {
		if (named_value(argv[i], "size", &value))
			size = number(value, "size", 0, 1 << 30);
		else if (named_value(argv[i], "count", &value))
			count = number(value, "count", 1, 100000);
		else
			usage("namespace: unknown argument: %s", argv[i]);
	}
	if (strcmp(argv[1], "process") == 0)
		return keep_by_process(size);
	if (strcmp(argv[1], "thread") == 0)
		return keep_by_thread(size);
	if (strcmp(argv[1], "fd") == 0)
		return keep_by_descriptor(size);
	if (strcmp(argv[1], "many") == 0)
		return keep_many(size, count);
	if (strcmp(argv[1], "churn") == 0)
		return come_and_go(size);
	usage("neither process, thread, fd, many nor churn: %s", argv[1]);
}
