/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Servers as in real life, each under its own user: one whose workers come and go, one
 * that is restarted all the time, and one that has moved into the background. They are
 * killed with -9 when standard input ends, and leave their objects behind.
 */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WORKERS = 3,
	REQUESTS = 5, /* served by a worker before it is replaced */
	POLLS = 10, /* of a consumer before it is restarted */
};

static const struct timespec short_time = { .tv_nsec = 2000000 };

struct server {
	int id;
	uid_t user;
	int ready; /* gets a byte after one complete cycle */
};

static void
change(int id, int delta)
{
	struct sembuf op = { .sem_op = (short)delta, .sem_flg = SEM_UNDO };

	if (semop(id, &op, 1) < 0)
		_exit(1);
}

static _Noreturn void
work(int id)
{
	int i;

	for (i = 0; i < REQUESTS; i++) {
		change(id, -1);
		nanosleep(&short_time, NULL);
		change(id, 1);
	}
	/* The last one ends inside, and the kernel admits the next one. */
	change(id, -1);
	_exit(0);
}

static pid_t
start_worker(int id)
{
	pid_t pid = fork();

	if (pid < 0)
		_exit(1);
	if (pid == 0)
		work(id);
	return pid;
}

static _Noreturn void
prefork(const struct server *s)
{
	int i, ended = 0;

	if (semctl(s->id, 0, SETVAL, (union semun){ .val = 1 }) < 0)
		_exit(1);
	for (i = 0; i < WORKERS; i++)
		start_worker(s->id);
	while (wait(NULL) > 0) {
		if (++ended == WORKERS && write(s->ready, "", 1) < 0)
			_exit(1);
		start_worker(s->id);
	}
	_exit(1);
}

struct message {
	long type;
	char text[8];
};

static _Noreturn void
poll_queue(int id)
{
	struct message message = { .type = 1 };
	int i;

	for (i = 0; i < POLLS; i++) {
		while (msgrcv(id, &message, sizeof message.text, 0, IPC_NOWAIT) >= 0)
			continue;
		if (errno != ENOMSG)
			_exit(1);
		nanosleep(&short_time, NULL);
	}
	/* Sometimes it ends with an unread message. */
	msgsnd(id, &(struct message){ .type = 2 }, sizeof message.text, IPC_NOWAIT);
	_exit(0);
}

static _Noreturn void
consume(const struct server *s)
{
	int restarts = 0;
	pid_t pid;

	for (;;) {
		pid = fork();
		if (pid < 0)
			_exit(1);
		if (pid == 0)
			poll_queue(s->id);
		if (waitpid(pid, NULL, 0) != pid)
			_exit(1);
		if (++restarts == 2 && write(s->ready, "", 1) < 0)
			_exit(1);
	}
}

/* The parent, which set the semaphore, has ended; the child never uses it. */
static _Noreturn void
background(const struct server *s)
{
	pid_t parent = getpid();

	if (semctl(s->id, 0, SETVAL, (union semun){ .val = 1 }) < 0 || fork() != 0)
		_exit(0);
	while (getppid() == parent)
		nanosleep(&short_time, NULL);
	if (write(s->ready, "", 1) < 0)
		_exit(1);
	for (;;)
		pause();
}

/* Starts a worker of relay(); it has begun its work when this returns. */
static pid_t
start_successor(const struct server *s)
{
	int pipes[2];
	char byte;
	pid_t pid;

	if (pipe(pipes) < 0 || (pid = fork()) < 0)
		_exit(1);
	if (pid == 0) {
		become(s->user);
		if (write(pipes[1], "", 1) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	close(pipes[1]);
	if (read(pipes[0], &byte, 1) != 1)
		_exit(1);
	close(pipes[0]);
	return pid;
}

/*
 * A main process of another user, whose only worker is replaced all the time: the next
 * one starts before the last one ends.  None of them uses the semaphore, which was set by
 * a process that has ended.
 */
static _Noreturn void
relay(const struct server *s)
{
	pid_t worker, next;
	int replaced = 0;

	worker = fork();
	if (worker == 0) {
		become(s->user);
		_exit(semctl(s->id, 0, SETVAL, (union semun){ .val = 1 }) < 0);
	}
	if (waitpid(worker, NULL, 0) != worker)
		_exit(1);
	for (worker = start_successor(s);; worker = next) {
		nanosleep(&short_time, NULL);
		next = start_successor(s);
		kill(worker, SIGKILL);
		waitpid(worker, NULL, 0);
		if (++replaced == 2 && write(s->ready, "", 1) < 0)
			_exit(1);
	}
}

static const struct {
	const char *name;
	void (*serve)(const struct server *s);
	bool stays_root;
} servers[] = {
	{ "prefork", prefork },
	{ "consumer", consume },
	{ "daemon", background },
	{ "relay", relay, .stays_root = true },
};

/* Kills the process group and all its descendants. */
static void
end_all(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		continue;
}

int
server(int argc, char **argv)
{
	struct server s;
	int pipes[2];
	size_t kind = 0;
	char byte;
	pid_t pid;

	need_args(argc, argv, 3, 3);
	while (kind < ARRAY_SIZE(servers) && strcmp(argv[1], servers[kind].name) != 0)
		kind++;
	if (kind == ARRAY_SIZE(servers))
		usage("neither prefork, consumer, daemon nor relay: %s", argv[1]);
	/* This process reaps the descendants of a server. */
	if (pipe(pipes) < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		err(1, "server");
	s = (struct server){ .id = object_id(argv[2]), .ready = pipes[1] };
	s.user = (uid_t)number(argv[3], "user", 0, UINT_MAX - 1);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		close(pipes[0]);
		setpgid(0, 0);
		if (!servers[kind].stays_root)
			become(s.user);
		servers[kind].serve(&s);
		_exit(1);
	}
	setpgid(pid, pid);
	close(pipes[1]);
	if (read(pipes[0], &byte, 1) != 1)
		errx(1, "%s: it does not serve", argv[1]);
	printf("%d %ld\n", s.id, (long)pid);
	hold();
	end_all(pid);
	return 0;
}

/* Runs the command once. Returns whether it succeeded, and reports its output. */
static bool
look_once(char **argv)
{
	posix_spawn_file_actions_t actions;
	char text[4096];
	size_t length = 0;
	int pipes[2];
	int status;
	ssize_t n;
	pid_t pid;

	if (pipe(pipes) < 0)
		err(1, "pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, pipes[1], STDERR_FILENO);
	posix_spawn_file_actions_addclose(&actions, pipes[0]);
	posix_spawn_file_actions_addclose(&actions, pipes[1]);
	errno = posix_spawn(&pid, argv[0], &actions, NULL, argv, environ);
	if (errno != 0)
		err(1, "%s", argv[0]);
	posix_spawn_file_actions_destroy(&actions);
	close(pipes[1]);
	while (length < sizeof text &&
		(n = read(pipes[0], text + length, sizeof text - length)) > 0)
		length += (size_t)n;
	close(pipes[0]);
	waitpid(pid, &status, 0);
	if (length == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	printf("%.*s(status %#x)\n", (int)length, text, (unsigned)status);
	return false;
}

int
looks(int argc, char **argv)
{
	long count, i;

	need_args(argc, argv, 2, INT_MAX);
	count = (long)number(argv[1], "number of looks", 1, 1000000);
	for (i = 1; i <= count; i++)
		if (!look_once(argv + 2)) {
			printf("look %ld of %ld\n", i, count);
			return 1;
		}
	printf("%ld looks\n", count);
	return 0;
}
