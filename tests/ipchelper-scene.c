/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Scenes of processes that wait for each other:
 *
 *	scene [busy] [pipes=N] NAME[<PARENT]:STEP,STEP,... ...
 *
 * Each actor is a process of this name, the child of the helper or of another actor. It
 * takes its steps one after the other; "/" waits until all actors have come to theirs. An
 * actor keeps only the ends of pipes that its steps r0, w0 and the like name. The helper
 * prints the pids, once each actor sleeps or is stopped, and holds; with
 * "busy", once they have started.
 */

#include "ipchelper.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ACTORS_MAX = 16, PIPES_MAX = 32, LARGE = 1 << 20 };

static struct actor {
	char name[16], parent[16];
	char *steps;
} actors[ACTORS_MAX];
static int actors_count, pipes[PIPES_MAX][2], pipes_count;

/* Shared by all processes of a scene. */
static struct stage {
	pthread_barrier_t barrier;
	pid_t pids[ACTORS_MAX];
} * stage;

static void
on_signal(int signo)
{
	(void)signo;
}

static void
block_and_raise(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(signo);
}

static int
open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0666);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void
lock_file(const char *path, bool whole)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (whole ? flock(open_file(path), LOCK_EX) < 0
		  : fcntl(open_file(path), F_OFD_SETLKW, &lock) < 0)
		err(1, "locking %s", path);
}

static void
lock_by_process(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(open_file(path), F_SETLKW, &lock) < 0)
		err(1, "locking %s", path);
}

/* ID:NUM:OP[:SECONDS][u] */
static void
change_semaphore(const char *text)
{
	struct timespec limit = { 0 };
	struct sembuf sop;
	int id, num, op, seconds = 0;
	char undo = '\0';

	if (sscanf(text, "%d:%d:%d:%d%c", &id, &num, &op, &seconds, &undo) < 3)
		usage("not a semaphore: %s", text);
	sop = (struct sembuf){ num, op, undo == 'u' ? SEM_UNDO : 0 };
	limit.tv_sec = seconds;
	if (semtimedop(id, &sop, 1, seconds > 0 ? &limit : NULL) < 0)
		err(1, "semop %s", text);
}

static void
send_one(int id, bool fills)
{
	struct {
		long type;
		char text[1024];
	} message = { .type = 1 };

	do {
		if (msgsnd(id, &message, sizeof message.text, 0) < 0)
			err(1, "msgsnd");
	} while (fills);
}

static void
receive_one(int id)
{
	struct {
		long type;
		char text[1024];
	} message;

	if (msgrcv(id, &message, sizeof message.text, 0, 0) < 0)
		err(1, "msgrcv");
}

static void
put_in_transit(int fd)
{
	char room[CMSG_SPACE(sizeof fd)] = "", byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof room };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		err(1, "socketpair");
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	if (sendmsg(pair[0], &message, 0) < 0)
		err(1, "sendmsg");
	close(fd);
}

static void
trace(const char *name)
{
	for (int i = 0; i < actors_count; i++)
		if (strcmp(actors[i].name, name) == 0) {
			if (ptrace(PTRACE_SEIZE, stage->pids[i], 0, 0) < 0 ||
				ptrace(PTRACE_INTERRUPT, stage->pids[i], 0, 0) < 0)
				err(1, "ptrace");
			return;
		}
	usage("no actor %s", name);
}

/* NAME, of a queue of ten messages */
static mqd_t
open_queue(const char *name, int how)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = 8 };
	mqd_t queue = mq_open(name, how | O_CREAT, 0600, &attr);

	if (queue == (mqd_t)-1)
		err(1, "mq_open %s", name);
	return queue;
}

static void
fill_queue(const char *name)
{
	mqd_t queue = open_queue(name, O_WRONLY);

	while (mq_send(queue, "x", 1, 0) == 0)
		continue;
}

static void
take_from_queue(const char *name)
{
	char text[8];

	mq_receive(open_queue(name, O_RDONLY), text, sizeof text, NULL);
}

/* Gives up the capability to examine any process. */
static void
drop_ptrace(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		err(1, "capget");
	data[0].permitted &= ~(1U << CAP_SYS_PTRACE);
	data[0].effective &= ~(1U << CAP_SYS_PTRACE);
	data[0].inheritable &= ~(1U << CAP_SYS_PTRACE);
	if (syscall(SYS_capset, &header, data) < 0)
		err(1, "capset");
}

/* All copies go on with the next step. */
static void
copy_actor(long long copies)
{
	for (; copies > 0; copies--)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			return;
		}
}

/* The child of vfork(2) keeps its parent waiting. */
static void
vfork_and_pause(void)
{
	if (vfork() == 0)
		for (;;)
			pause();
}

/* SET:PATH. Takes two semaphores and two locks for ever, always in this order. */
static void
churn_locks(const char *text)
{
	struct sembuf down[2] = { { 0, -1, 0 }, { 1, -1, 0 } };
	struct sembuf up[2] = { { 1, 1, 0 }, { 0, 1, 0 } };
	char name[256];
	int id, one, two;

	if (sscanf(text, "%d:%240s", &id, name) != 2)
		usage("not a set and a path: %s", text);
	one = open_file(name);
	strcat(name, ".2");
	two = open_file(name);
	for (;;) {
		semop(id, &down[0], 1);
		semop(id, &down[1], 1);
		semop(id, &up[0], 1);
		semop(id, &up[1], 1);
		flock(one, LOCK_EX);
		flock(two, LOCK_EX);
		flock(two, LOCK_UN);
		flock(one, LOCK_UN);
	}
}

/* Passes on what it reads. */
static void
relay(int from, int to)
{
	char byte;

	while (read(pipes[from][0], &byte, 1) == 1)
		if (write(pipes[to][1], &byte, 1) != 1)
			err(1, "write");
}

static void *
pause_apart(void *unused)
{
	if (unshare(CLONE_FILES) < 0)
		err(1, "unshare");
	for (;;)
		pause();
	return unused;
}

/* A thread with descriptors of its own: what the process closes stays open there. */
static void
start_apart(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, pause_apart, NULL) != 0)
		errx(1, "pthread_create");
}

static char bytes[LARGE];

/* Reads from the pipe after the one that it is told, with the same number. */
static void *
read_swapped(void *number)
{
	int *pair = pipes[*(int *)number], *next = pipes[*(int *)number + 1];

	if (unshare(CLONE_FILES) < 0)
		err(1, "unshare");
	dup2(next[0], pair[0]);
	if (read(pair[0], bytes, 1) < 0)
		err(1, "read");
	return NULL;
}

static void
start_swapped(int n)
{
	static int number;
	pthread_t thread;

	number = n;
	if (pthread_create(&thread, NULL, read_swapped, &number) != 0)
		errx(1, "pthread_create");
	nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
}

/* To the first pipe. */
static void
splice_from(const char *path)
{
	splice(open(path, O_RDONLY), NULL, pipes[0][1], NULL, 4096, 0);
}

/* Steps with the number of a pipe at the end. Returns whether it is one. */
static bool
use_pipe(const char *step)
{
	char what[16];
	int n, copy;

	if (sscanf(step, "%15[a-z]%d", what, &n) != 2 || n >= pipes_count)
		return false;
	if (strcmp(what, "read") == 0) {
		if (read(pipes[n][0], bytes, sizeof bytes) < 0)
			err(1, "read");
	} else if (strcmp(what, "write") == 0) {
		if (write(pipes[n][1], bytes, sizeof bytes) < 0)
			err(1, "write");
	} else if (strcmp(what, "splice") == 0) {
		copy = open("/dev/null", O_WRONLY);
		splice(pipes[n][0], NULL, copy, NULL, 1, 0);
	} else if (strcmp(what, "vmsplice") == 0) {
		vmsplice(pipes[n][0], &(struct iovec){ bytes, 1 }, 1, 0);
	} else if (strcmp(what, "swap") == 0) {
		start_swapped(n);
	} else if (strcmp(what, "put") == 0) {
		if (write(pipes[n][1], "x", 1) != 1)
			err(1, "write");
	} else if (strcmp(what, "transit") == 0) {
		put_in_transit(pipes[n][1]);
	} else if (strcmp(what, "r") != 0 && strcmp(what, "w") != 0) {
		return false;
	}
	return true;
}

/* Steps on files and processes, with a value. Returns whether it is one. */
static bool
use_file_or_process(const char *step)
{
	const char *value;

	if (named_value(step, "signal", &value))
		signal(number(value, "signal", 1, 64), on_signal);
	else if (named_value(step, "block", &value))
		block_and_raise(number(value, "signal", 1, 64));
	else if (named_value(step, "stop", &value))
		raise(number(value, "signal", 1, 64));
	else if (named_value(step, "trace", &value))
		trace(value);
	else if (named_value(step, "flock", &value))
		lock_file(value, true);
	else if (named_value(step, "ofd", &value))
		lock_file(value, false);
	else if (named_value(step, "posix", &value))
		lock_by_process(value);
	else if (named_value(step, "churn", &value))
		churn_locks(value);
	else if (named_value(step, "splice-from", &value))
		splice_from(value);
	else if (named_value(step, "open", &value))
		open(value, O_RDONLY);
	else if (named_value(step, "open-write", &value))
		open(value, O_WRONLY);
	else if (named_value(step, "open-both", &value))
		open(value, O_RDWR);
	else if (named_value(step, "read-fifo", &value))
		(void)!read(open(value, O_RDWR), bytes, 1);
	else
		return false;
	return true;
}

/* Steps on objects, with a value. Returns whether it is one. */
static bool
use_object(const char *step)
{
	const char *value;

	if (named_value(step, "sem", &value))
		change_semaphore(value);
	else if (named_value(step, "send", &value))
		send_one(object_id(value), false);
	else if (named_value(step, "fill", &value))
		send_one(object_id(value), true);
	else if (named_value(step, "receive", &value))
		receive_one(object_id(value));
	else if (named_value(step, "mq-fill", &value))
		fill_queue(value);
	else if (named_value(step, "mq-write", &value))
		open_queue(value, O_WRONLY);
	else if (named_value(step, "mq-open", &value))
		open_queue(value, O_RDONLY);
	else if (named_value(step, "mq-take", &value))
		take_from_queue(value);
	else if (named_value(step, "copies", &value))
		copy_actor(number(value, "copies", 1, 10000));
	else if (named_value(step, "group", &value))
		waitpid(-number(value, "group", 1, 1 << 22), NULL, 0);
	else
		return false;
	return true;
}

static void
take_step(const char *step)
{
	if (use_file_or_process(step) || use_object(step) || use_pipe(step))
		return;
	if (strcmp(step, "apart") == 0)
		start_apart();
	else if (strcmp(step, "wait") == 0)
		waitpid(-1, NULL, 0);
	else if (strcmp(step, "waitid") == 0)
		waitid(P_ALL, 0, NULL, WEXITED);
	else if (strncmp(step, "relay", 5) == 0 && strlen(step) == 7)
		relay(step[5] - '0', step[6] - '0');
	else if (strcmp(step, "drop") == 0)
		drop_ptrace();
	else if (strcmp(step, "vfork") == 0)
		vfork_and_pause();
	else if (strcmp(step, "pause") == 0)
		pause();
	else if (strcmp(step, "sleep") == 0)
		sleep(1000);
	else if (strcmp(step, "nap") == 0)
		nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
	else if (strcmp(step, "end") == 0)
		_exit(0);
	else if (strcmp(step, "kill") == 0)
		kill(getpid(), SIGKILL);
	else if (strcmp(step, "/") == 0)
		pthread_barrier_wait(&stage->barrier);
	else
		usage("no such step: %s", step);
}

/* Keeps the ends of pipes that the steps name. */
static void
close_others(const struct actor *a)
{
	for (int i = 0; i < pipes_count; i++)
		for (int end = 0; end < 2; end++) {
			char name[16];
			bool keeps = false;
			char *steps = strdup(a->steps), *rest = steps, *step;

			snprintf(name, sizeof name, "%c%d", end == 0 ? 'r' : 'w', i);
			while ((step = strsep(&rest, ",")) != NULL)
				keeps |= strcmp(step, name) == 0;
			free(steps);
			if (!keeps) {
				close(pipes[i][end]);
				pipes[i][end] = -1;
			}
		}
}

static void start_children(const char *parent);

static void
play(int i)
{
	struct actor *a = &actors[i];
	char *rest = a->steps, *step;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, a->name);
	/* The kernel ignores SIGTSTP where nothing could continue the group. */
	setpgid(0, 0);
	stage->pids[i] = getpid();
	start_children(a->name);
	close_others(a);
	rest = strdup(a->steps);
	while ((step = strsep(&rest, ",")) != NULL)
		take_step(step);
	_exit(0);
}

static void
start_children(const char *parent)
{
	for (int i = 0; i < actors_count; i++) {
		pid_t pid;

		if (strcmp(actors[i].parent, parent) != 0)
			continue;
		pid = fork();
		if (pid < 0)
			err(1, "fork");
		if (pid == 0)
			play(i);
	}
}

static void
parse_actor(char *text)
{
	struct actor *a = &actors[actors_count++];

	if (actors_count > ACTORS_MAX || strchr(text, ':') == NULL)
		usage("not an actor: %s", text);
	a->steps = strchr(text, ':') + 1;
	a->steps[-1] = '\0';
	if (strchr(text, '<') != NULL) {
		snprintf(a->parent, sizeof a->parent, "%s", strchr(text, '<') + 1);
		*strchr(text, '<') = '\0';
	}
	snprintf(a->name, sizeof a->name, "%s", text);
}

/* The state of a process and how often it was on a CPU; false if it runs. */
static bool
rests(pid_t pid, unsigned long long *turns)
{
	char path[64], text[512], *p;
	FILE *file;
	size_t len;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (file == NULL) {
		*turns = 0;
		return true;
	}
	len = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	text[len] = '\0';
	p = strrchr(text, ')');
	if (p == NULL || p[2] == 'R')
		return false;
	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return true;
	if (fscanf(file, "%*u %*u %llu", turns) != 1)
		*turns = 0;
	fclose(file);
	return true;
}

/* Waits until every actor has slept for a while, so that it is at its last step. */
static void
await_rest(void)
{
	unsigned long long before[ACTORS_MAX] = { 0 }, turns;
	const struct timespec while_asleep = { 0, 50000000 };

	for (int quiet = 0; quiet < 3;) {
		bool calm = true;

		nanosleep(&while_asleep, NULL);
		for (int i = 0; i < actors_count; i++) {
			turns = 0;
			calm &= stage->pids[i] != 0 && rests(stage->pids[i], &turns) &&
				turns == before[i];
			before[i] = turns;
		}
		quiet = calm ? quiet + 1 : 0;
	}
}

static void
await_start(void)
{
	for (int i = 0; i < actors_count; i++)
		while (*(volatile pid_t *)&stage->pids[i] == 0)
			sched_yield();
}

int
scene(int argc, char **argv)
{
	pthread_barrierattr_t shared;
	const char *value;
	bool is_busy = false;

	stage = mmap(NULL, sizeof *stage, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage == MAP_FAILED)
		err(1, "mmap");
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "busy") == 0)
			is_busy = true;
		else if (named_value(argv[i], "pipes", &value))
			pipes_count = number(value, "pipes", 1, PIPES_MAX);
		else
			parse_actor(argv[i]);
	for (int i = 0; i < pipes_count; i++)
		if (pipe(pipes[i]) < 0)
			err(1, "pipe");
	pthread_barrierattr_init(&shared);
	pthread_barrierattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&stage->barrier, &shared, actors_count);
	start_children("");
	for (int i = 0; i < pipes_count; i++) {
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
	if (is_busy)
		await_start();
	else
		await_rest();
	for (int i = 0; i < actors_count; i++)
		printf("%d%c", (int)stage->pids[i], i + 1 < actors_count ? ' ' : '\n');
	return hold();
}
