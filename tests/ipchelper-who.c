/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Processes whose users, groups, sessions, threads and children make them user processes
 * of an object, or not.
 */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Parses "5,6,7". */
static size_t
parse_groups(const char *text, gid_t *groups, size_t max)
{
	char *copy = strdup(text), *rest = NULL;
	size_t count = 0;

	if (copy == NULL)
		err(1, "groups");
	for (char *p = strtok_r(copy, ",", &rest); p != NULL;
		p = strtok_r(NULL, ",", &rest)) {
		if (count == max)
			usage("too many groups: %s", text);
		groups[count++] = (gid_t)number(p, "group", 0, UINT_MAX - 1);
	}
	free(copy);
	return count;
}

int
as_other(int argc, char **argv)
{
	gid_t groups[64], gid;
	const char *value;
	size_t count = 0;
	uid_t uid;
	int i;

	need_args(argc, argv, 2, INT_MAX);
	uid = (uid_t)number(argv[1], "user", 0, UINT_MAX - 1);
	gid = uid;
	for (i = 2; i < argc; i++)
		if (named_value(argv[i], "gid", &value))
			gid = (gid_t)number(value, "gid", 0, UINT_MAX - 1);
		else if (named_value(argv[i], "groups", &value))
			count = parse_groups(value, groups, ARRAY_SIZE(groups));
		else
			break;
	if (setgroups(count, groups) < 0 || setresgid(gid, gid, gid) < 0 ||
		setresuid(uid, uid, uid) < 0)
		err(1, "cannot become user %u", (unsigned)uid);
	/* As after exec; else root would own its /proc files. */
	if (prctl(PR_SET_DUMPABLE, 1) < 0)
		err(1, "prctl");
	return run_factory(argc - i, argv + i);
}

int
in_session(int argc, char **argv)
{
	need_args(argc, argv, 1, INT_MAX);
	if (setsid() < 0)
		err(1, "setsid");
	return run_factory(argc - 1, argv + 1);
}

/* What timeout(1) would do with two processes. */
int
within(int argc, char **argv)
{
	need_args(argc, argv, 2, INT_MAX);
	signal(SIGALRM, SIG_DFL);
	alarm((unsigned)number(argv[1], "seconds", 1, INT_MAX));
	return run_factory(argc - 2, argv + 2);
}

/* The pid that a process below us writes into a pipe. */
static pid_t
read_pid(int fd)
{
	pid_t pid;

	if (read(fd, &pid, sizeof pid) != sizeof pid)
		errx(1, "a process did not start");
	close(fd);
	return pid;
}

static void
write_pid(int fd)
{
	pid_t pid = getpid();

	if (write(fd, &pid, sizeof pid) != sizeof pid)
		_exit(1);
	close(fd);
}

static _Noreturn void
pause_for_ever(void)
{
	for (;;)
		pause();
}

/* Runs as a session leader: starts the process that outlives it. */
static _Noreturn void
lead(uid_t user, int fd)
{
	pid_t pid;

	if (setsid() < 0)
		_exit(1);
	become(user);
	pid = fork();
	if (pid == 0) {
		write_pid(fd);
		pause_for_ever();
	}
	_exit(pid < 0);
}

/* Starts a child that runs under the user, and does not wait for its end. */
static void
leave_zombie(uid_t user)
{
	siginfo_t info;
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		become(user);
		_exit(0);
	}
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0)
		err(1, "waitid");
}

int
leaderless(int argc, char **argv)
{
	bool keeps_zombie;
	siginfo_t info;
	pid_t leader, pid;
	uid_t user;
	int pipes[2];

	need_args(argc, argv, 1, 2);
	user = (uid_t)number(argv[1], "user", 0, UINT_MAX - 1);
	keeps_zombie = argc > 2 && strcmp(argv[2], "zombie") == 0;
	if (argc > 2 && !keeps_zombie)
		usage("unknown argument: %s", argv[2]);
	/* This process reaps it and ends it. */
	if (pipe(pipes) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		err(1, "leaderless");
	leader = fork();
	if (leader < 0)
		err(1, "fork");
	if (leader == 0)
		lead(user, pipes[1]);
	pid = read_pid(pipes[0]);
	if (waitid(P_PID, (id_t)leader, &info, WEXITED | (keeps_zombie ? WNOWAIT : 0)) <
		0)
		err(1, "waitid");
	printf("%ld %ld\n", (long)pid, (long)leader);
	hold();
	kill(pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	return 0;
}

int
zombies(int argc, char **argv)
{
	need_args(argc, argv, 1, INT_MAX);
	leave_zombie((uid_t)number(argv[1], "user", 0, UINT_MAX - 1));
	if (argc > 2) {
		execvp(argv[2], argv + 2);
		err(127, "%s", argv[2]);
	}
	printf("%ld\n", (long)getpid());
	return hold();
}

/* Signals an event to a test by opening a file. */
static void
tell(const char *fd, pid_t pid)
{
	if (dprintf((int)number(fd, "descriptor", 0, INT_MAX), "%ld\n", (long)pid) < 0)
		err(1, "descriptor %s", fd);
}

/* Waits for a line on standard input.  Returns whether there was one. */
static bool
was_told(void)
{
	char byte;

	return read(STDIN_FILENO, &byte, 1) == 1;
}

int
forker(int argc, char **argv)
{
	int pipes[2];
	uid_t user;
	pid_t pid;

	need_args(argc, argv, 2, 2);
	user = (uid_t)number(argv[1], "user", 0, UINT_MAX - 1);
	if (pipe(pipes) < 0)
		err(1, "pipe");
	printf("%ld\n", (long)getpid());
	fflush(stdout);
	if (!was_told())
		return 0;
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		if (getuid() != user)
			become(user);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		write_pid(pipes[1]);
		pause_for_ever();
	}
	tell(argv[2], read_pid(pipes[0]));
	hold();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}

/* A thread that changes its own user, reports that, and ends on request. */
struct thread {
	uid_t user;
	int ready[2], end[2];
	pthread_t thread;
};

/* Uses the system call, because the C library would change the user of all threads. */
static void *
change_own_user(void *data)
{
	const struct thread *t = data;
	char byte;

	if (syscall(SYS_setresuid, t->user, t->user, t->user) == 0)
		write_pid(t->ready[1]);
	if (read(t->end[0], &byte, 1) != 1)
		pause_for_ever();
	return NULL;
}

static void
start_thread(struct thread *t, uid_t user)
{
	t->user = user;
	if (pipe(t->ready) < 0 || pipe(t->end) < 0)
		err(1, "pipe");
	errno = pthread_create(&t->thread, NULL, change_own_user, t);
	if (errno != 0)
		err(1, "pthread_create");
	read_pid(t->ready[0]);
}

int
thread_as(int argc, char **argv)
{
	struct thread first, second;
	uid_t user;

	need_args(argc, argv, 1, 2);
	user = (uid_t)number(argv[1], "user", 0, UINT_MAX - 1);
	start_thread(&first, user);
	printf("%ld\n", (long)getpid());
	if (argc == 2)
		return hold();
	fflush(stdout);
	if (!was_told())
		return 0;
	start_thread(&second, user);
	if (write(first.end[1], "", 1) != 1)
		err(1, "write");
	pthread_join(first.thread, NULL);
	tell(argv[2], getpid());
	return hold();
}

static void *
pause_thread(void *unused)
{
	(void)unused;
	pause_for_ever();
}

int
thread_here(int argc, char **argv)
{
	pthread_t thread;
	uid_t user;

	need_args(argc, argv, 1, 2);
	user = (uid_t)number(argv[1], "user", 0, UINT_MAX - 1);
	if (argc > 2 && strcmp(argv[2], "none") != 0)
		usage("unknown argument: %s", argv[2]);
	/* unshare(2) affects only the calling thread. */
	if (argc == 2) {
		errno = pthread_create(&thread, NULL, pause_thread, NULL);
		if (errno != 0)
			err(1, "pthread_create");
	}
	if (unshare(CLONE_NEWIPC) < 0)
		err(1, "unshare");
	become(user);
	if (prctl(PR_SET_DUMPABLE, 1) < 0)
		err(1, "prctl");
	printf("%ld\n", (long)getpid());
	return hold();
}
