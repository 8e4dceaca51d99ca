/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Named semaphores, and processes that wait for them. */

#include "ipchelper.h"

#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct waiter {
	sem_t *semaphore;
	bool is_timed;
	pid_t tid; /* 0 until it runs */
};

int
make_named(int argc, char **argv)
{
	const char *value;
	mode_t mode = 0600;
	sem_t *semaphore;

	need_args(argc, argv, 2, 4);
	for (int i = 3; i < argc; i++)
		if (named_value(argv[i], "mode", &value))
			mode = number(value, "mode", 0, 0777);
		else if (named_value(argv[i], "as", &value))
			become(number(value, "as", 0, 0xfffffffell));
		else
			usage("neither mode=M nor as=U: %s", argv[i]);
	umask(0);
	semaphore = sem_open(argv[1], O_CREAT | O_EXCL, mode,
		(unsigned)number(argv[2], "value", 0, 0x7fffffff));
	if (semaphore == SEM_FAILED)
		err(1, "%s", argv[1]);
	return 0;
}

static void *
wait_here(void *data)
{
	struct waiter *w = data;
	struct timespec end;

	__atomic_store_n(&w->tid, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 3600;
	while ((w->is_timed ? sem_timedwait(w->semaphore, &end)
			    : sem_wait(w->semaphore)) < 0)
		continue;
	return NULL;
}

/* Waits until the thread sleeps in its call. */
static void
await_sleep(struct waiter *w)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	char path[64], line[32], call[16];
	pid_t tid;

	snprintf(call, sizeof call, "%d ", SYS_futex);
	for (;;) {
		FILE *file = NULL;

		tid = __atomic_load_n(&w->tid, __ATOMIC_ACQUIRE);
		snprintf(path, sizeof path, "/proc/self/task/%ld/syscall", (long)tid);
		if (tid != 0)
			file = fopen(path, "r");
		*line = '\0';
		if (file != NULL && fgets(line, sizeof line, file) == NULL)
			*line = '\0';
		if (file != NULL)
			fclose(file);
		if (strncmp(line, call, strlen(call)) == 0)
			return;
		nanosleep(&pause, NULL);
	}
}

int
wait_named(int argc, char **argv)
{
	enum { WAITERS = 8 };
	static struct waiter waiters[WAITERS];
	pthread_t thread;
	long long count;
	sem_t *semaphore;

	need_args(argc, argv, 2, 3);
	count = number(argv[2], "threads", 0, WAITERS);
	semaphore = sem_open(argv[1], 0);
	if (semaphore == SEM_FAILED)
		err(1, "%s", argv[1]);
	for (int i = 0; i < count; i++) {
		waiters[i].semaphore = semaphore;
		waiters[i].is_timed = argc > 3 && strcmp(argv[3], "timed") == 0;
		if (pthread_create(&thread, NULL, wait_here, &waiters[i]) != 0)
			errx(1, "pthread_create");
		await_sleep(&waiters[i]);
	}
	printf("%ld\n", (long)getpid());
	return hold();
}

int
operate_named(int argc, char **argv)
{
	long long count;
	sem_t *semaphore;

	need_args(argc, argv, 3, 3);
	count = number(argv[3], "count", 0, 1000000);
	semaphore = sem_open(argv[1], 0);
	if (semaphore == SEM_FAILED)
		err(1, "%s", argv[1]);
	for (; count > 0; count--)
		if ((strcmp(argv[2], "post") == 0 ? sem_post(semaphore)
						  : sem_wait(semaphore)) < 0)
			err(1, "%s %s", argv[2], argv[1]);
	return 0;
}
