/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The states of a process that is recorded in an object: alive, a zombie, or with only
 * its main thread ended. Its pid can be chosen, so that it is one that another process
 * had before.
 */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Time for a child to reach its state; more than any machine needs. */
#define CHILD_SECONDS 15

/* The fate of the child after its work. */
enum fate { FATE_HOLD, FATE_ZOMBIE, FATE_THREADS };

struct wanted {
	enum fate fate;
	pid_t pid; /* 0 for any */
	long long user; /* -1 for the same */
};

static enum fate
find_fate(const char *name)
{
	static const char *const names[] = {
		[FATE_HOLD] = "hold",
		[FATE_ZOMBIE] = "zombie",
		[FATE_THREADS] = "threads",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(name, names[i]) == 0)
			return (enum fate)i;
	usage("neither hold, zombie nor threads: %s", name);
}

/* fork(2) with a chosen pid for the child. */
static pid_t
fork_as(pid_t pid)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uint64_t)(uintptr_t)&pid,
		.set_tid_size = 1,
	};

	if (pid == 0)
		return fork();
	return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

static void *
pause_thread(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return NULL;
}

static _Noreturn void
run_child(const struct wanted *wanted, pid_t parent, int argc, char **argv)
{
	pthread_t thread;

	if (wanted->user >= 0)
		become((uid_t)wanted->user);
	/* After that call, because it clears this setting. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		err(1, "prctl");
	if (!freopen("/dev/null", "w", stdout))
		err(1, "/dev/null");
	if (run_factory(argc, argv) != 0)
		exit(1);
	if (wanted->fate == FATE_ZOMBIE)
		_exit(0);
	if (wanted->fate == FATE_THREADS) {
		errno = pthread_create(&thread, NULL, pause_thread, NULL);
		if (errno != 0)
			err(1, "pthread_create");
		pthread_exit(NULL);
	}
	/* The stop tells the parent that the work is done. */
	raise(SIGSTOP);
	pause_thread(NULL);
	_exit(0);
}

/* The letter for the state of a process. */
static char
state_of(pid_t pid)
{
	char path[64];
	char state = '?';
	FILE *file;

	snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
	file = fopen(path, "re");
	if (!file)
		err(1, "%s", path);
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(file);
	return state;
}

/* Waits until the main thread has ended, by its state: wait(2) does not report it before
 * the other threads end. */
static void
wait_for_threads(pid_t child)
{
	const struct timespec pause_a_bit = { .tv_nsec = 1000000 };
	time_t end = time(NULL) + CHILD_SECONDS;

	while (state_of(child) != 'Z') {
		if (time(NULL) > end)
			errx(1, "child: not there after %d s", CHILD_SECONDS);
		nanosleep(&pause_a_bit, NULL);
	}
	if (waitpid(child, NULL, WNOHANG) != 0)
		exit(1);
}

static void
wait_for_fate(enum fate fate, pid_t child)
{
	siginfo_t info;

	if (fate == FATE_THREADS) {
		wait_for_threads(child);
		return;
	}
	if (waitid(P_PID, (id_t)child, &info, WEXITED | WSTOPPED | WNOWAIT) < 0)
		err(1, "waitid");
	/* A child that failed has reported why. */
	if (info.si_code == CLD_STOPPED)
		kill(child, SIGCONT);
	else if (fate != FATE_ZOMBIE || info.si_status != 0)
		exit(1);
}

int
child(int argc, char **argv)
{
	struct wanted wanted = { .user = -1 };
	pid_t parent = getpid();
	const char *value;
	pid_t pid;
	int i;

	need_args(argc, argv, 2, INT_MAX);
	wanted.fate = find_fate(argv[1]);
	for (i = 2; i < argc; i++)
		if (named_value(argv[i], "pid", &value))
			wanted.pid = (pid_t)number(value, "pid", 1, INT_MAX);
		else if (named_value(argv[i], "as", &value))
			wanted.user = number(value, "as", 0, UINT_MAX - 1);
		else
			break;
	pid = fork_as(wanted.pid);
	if (pid < 0)
		err(1, "fork");
	if (pid == 0)
		run_child(&wanted, parent, argc - i, argv + i);
	wait_for_fate(wanted.fate, pid);
	printf("%ld\n", (long)pid);
	hold();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
