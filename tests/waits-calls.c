/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Waits in a system call for ever:
 *
 *	waits-calls CALL [ID|PATH]
 *
 * tests/waits-calls.bats builds it with each C library that there is.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char bytes[1 << 20];
static int ends[2];

static void
wait_in_pipe(const char *call)
{
	struct iovec all = { bytes, sizeof bytes };
	int null = open("/dev/null", O_RDWR), file = open("/proc/self/exe", O_RDONLY);
	off_t start;

	if (strcmp(call, "read") == 0)
		(void)!read(ends[0], bytes, 1);
	else if (strcmp(call, "readv") == 0)
		(void)!readv(ends[0], &all, 1);
	else if (strcmp(call, "write") == 0)
		(void)!write(ends[1], bytes, sizeof bytes);
	else if (strcmp(call, "writev") == 0)
		(void)!writev(ends[1], &all, 1);
	else if (strcmp(call, "splice") == 0)
		splice(ends[0], NULL, null, NULL, 1, 0);
	else if (strcmp(call, "sendfile") == 0)
		do
			start = 0;
		while (sendfile(ends[1], file, &start, sizeof bytes) > 0);
}

static void
wait_for_lock(const char *call, const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int one = open(path, O_RDWR | O_CREAT, 0600), two = open(path, O_RDWR);

	if (strcmp(call, "flock") == 0) {
		flock(one, LOCK_EX);
		flock(two, LOCK_EX);
	} else if (strcmp(call, "ofd") == 0) {
		fcntl(one, 37 /* F_OFD_SETLK */, &lock);
		fcntl(two, 38 /* F_OFD_SETLKW */, &lock);
	} else {
		int ready[2];

		(void)!pipe(ready);
		if (fork() == 0) {
			fcntl(one, F_SETLK, &lock);
			(void)!write(ready[1], "", 1);
			pause();
		}
		(void)!read(ready[0], bytes, 1);
		fcntl(one, F_SETLKW, &lock);
	}
}

static void
wait_for_child(const char *call)
{
	siginfo_t info;
	pid_t child = fork();

	if (child == 0)
		pause();
	else if (strcmp(call, "wait4") == 0)
		waitpid(child, NULL, 0);
	else
		waitid(P_PID, child, &info, WEXITED);
}

static void
wait_in_ipc(const char *call, int id)
{
	struct {
		long type;
		char text[64];
	} message = { 1, "" };
	struct sembuf down = { 1, -1, 0 };

	if (strcmp(call, "semop") == 0)
		semop(id, &down, 1);
	else if (strcmp(call, "msgrcv") == 0)
		msgrcv(id, &message, sizeof message.text, 7, 0);
	else
		while (msgsnd(id, &message, sizeof message.text, 0) == 0)
			continue;
}

static void
wait_for_event(const char *call)
{
	struct pollfd none = { .fd = -1 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	if (strcmp(call, "pause") == 0)
		pause();
	else if (strcmp(call, "sigsuspend") == 0)
		sigsuspend(&set);
	else if (strcmp(call, "sleep") == 0)
		sleep(1000);
	else if (strcmp(call, "poll") == 0)
		poll(&none, 1, -1);
	else if (strcmp(call, "sigtimedwait") == 0) {
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, NULL);
		sigtimedwait(&set, &info, NULL);
	}
}

static struct timespec *limit; /* in a page of its own */
static int limited;

static void *
take_with_limit(void *unused)
{
	struct sembuf down = { 1, -1, 0 };

	semtimedop(limited, &down, 1, limit);
	return unused;
}

/* The time limit of the call cannot be read any more. */
static void
wait_with_lost_limit(int id)
{
	pthread_t thread;

	limited = id;
	limit = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	limit->tv_sec = 1000;
	pthread_create(&thread, NULL, take_with_limit, NULL);
	usleep(200000);
	munmap(limit, 4096);
	pthread_join(thread, NULL);
}

static void
wait_with_limit(const char *call)
{
	struct timespec left = { 1000, 1 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (strcmp(call, "limit-signal") == 0)
		sigtimedwait(&set, &info, &left);
	else if (strcmp(call, "limit-sleep") == 0)
		clock_nanosleep(CLOCK_MONOTONIC, 0, &left, NULL);
	else if (strcmp(call, "limit-until") == 0) {
		clock_gettime(CLOCK_MONOTONIC, &left);
		left.tv_sec += 1000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &left, NULL);
	} else if (strcmp(call, "limit-cpu") == 0) {
		clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &left, NULL);
	}
}

int
main(int argc, char **argv)
{
	const char *call = argv[1], *where = argc > 2 ? argv[2] : "";

	if (pipe(ends) < 0)
		return 1;
	wait_in_pipe(call);
	if (strcmp(call, "open") == 0)
		open(where, O_RDONLY);
	else if (strcmp(call, "lost") == 0)
		wait_with_lost_limit(atoi(where));
	else if (strncmp(call, "limit", 5) == 0)
		wait_with_limit(call);
	else if (*where == '/')
		wait_for_lock(call, where);
	else if (*where != '\0')
		wait_in_ipc(call, atoi(where));
	else if (strncmp(call, "wait", 4) == 0)
		wait_for_child(call);
	else
		wait_for_event(call);
	return 1;
}
