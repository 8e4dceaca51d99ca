/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Holds a state until standard input ends, either plainly or blocked in a system call. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Time for a child to start sleeping; more than any machine needs. */
#define BLOCK_SECONDS 15

static void
publish(void)
{
	if (fflush(stdout) != 0)
		err(1, "standard output");
}

/* Whether standard input has ended. Discards its content. */
static bool
input_ended(void)
{
	char buffer[256];
	ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);

	return n == 0 || (n < 0 && errno != EINTR);
}

int
hold(void)
{
	publish();
	while (!input_ended())
		;
	return 0;
}

/*
 * Whether the child sleeps in one of the calls on this object, by /proc/PID/syscall (a
 * running process reads "running"). A child may also sleep there for a moment before it
 * is queued: see the member queued of struct blocker.
 */
static bool
sleeps_in_call(const struct blocker *blocker, pid_t child)
{
	char path[64];
	unsigned long long first;
	long call;
	FILE *file;
	size_t i;
	int n;

	snprintf(path, sizeof path, "/proc/%ld/syscall", (long)child);
	/* It cannot be opened after the child has ended; the caller notices that. */
	file = fopen(path, "re");
	if (!file)
		return false;
	n = fscanf(file, "%ld %llx", &call, &first);
	fclose(file);
	if (n != 2 || (int)first != blocker->id)
		return false;
	for (i = 0; i < blocker->nsyscalls; i++)
		if (call == blocker->syscalls[i])
			return true;
	return false;
}

static void
wait_until_blocked(const struct blocker *blocker, pid_t child)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	time_t end = time(NULL) + BLOCK_SECONDS;

	while (!sleeps_in_call(blocker, child) ||
		(blocker->queued && !blocker->queued(blocker->data, child))) {
		if (waitpid(child, NULL, WNOHANG) != 0)
			exit(1);
		if (time(NULL) > end) {
			kill(child, SIGKILL);
			errx(1, "%s: not blocked after %d s", blocker->what,
				BLOCK_SECONDS);
		}
		nanosleep(&pause, NULL);
	}
}

/* Runs in the child: ends with its parent, and reports why the call returned. */
static _Noreturn void
block(const struct blocker *blocker, pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		err(1, "prctl");
	if (blocker->call(blocker->data) < 0) {
		warn("%s", blocker->what);
		_exit(1);
	}
	_exit(0);
}

/* Waits for the end of standard input. Reaps a child whose call returned at once: as a
 * zombie, it would still look like a waiting process. */
static void
hold_child(pid_t child)
{
	int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};

	if (pidfd < 0)
		err(1, "pidfd_open");
	for (;;) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			err(1, "poll");
		if (fds[1].revents) {
			waitpid(child, NULL, 0);
			fds[1].fd = -1;
			fds[1].revents = 0;
		}
		if (fds[0].revents && input_ended())
			break;
	}
	if (fds[1].fd >= 0) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
}

int
hold_blocked(const struct blocker *blocker)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (child < 0)
		err(1, "fork");
	if (child == 0)
		block(blocker, parent);
	wait_until_blocked(blocker, child);
	printf("%d %ld\n", blocker->id, (long)child);
	publish();
	hold_child(child);
	return 0;
}
