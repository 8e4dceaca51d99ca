/* SPDX-License-Identifier: GPL-3.0-or-later */

/* POSIX message queues, and processes that use them. */

#include "ipchelper.h"

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int
make_queue(int argc, char **argv)
{
	struct mq_attr attr = { .mq_maxmsg = 10, .mq_msgsize = 64 };
	long long mode = 0600;
	const char *value;
	mqd_t queue;

	need_args(argc, argv, 1, 5);
	for (int i = 2; i < argc; i++)
		if (named_value(argv[i], "mode", &value))
			mode = number(value, "mode", 0, 0777);
		else if (named_value(argv[i], "maxmsg", &value))
			attr.mq_maxmsg = number(value, "maxmsg", 0, LONG_MAX);
		else if (named_value(argv[i], "msgsize", &value))
			attr.mq_msgsize = number(value, "msgsize", 0, LONG_MAX);
		else if (named_value(argv[i], "as", &value))
			become(number(value, "as", 0, 0xfffffffell));
		else
			usage("unknown argument: %s", argv[i]);
	queue = mq_open(argv[1], O_CREAT | O_EXCL | O_RDWR, 0600, &attr);
	if (queue == (mqd_t)-1)
		err(1, "mq_open");
	if (fchmod(queue, mode) < 0)
		err(1, "fchmod");
	return 0;
}

static mqd_t
open_queue(const char *name, int flags)
{
	mqd_t queue = mq_open(name, flags);

	if (queue == (mqd_t)-1)
		err(1, "%s", name);
	return queue;
}

int
queue_send(int argc, char **argv)
{
	long long count, size;
	char *message;
	mqd_t queue;

	need_args(argc, argv, 3, 3);
	queue = open_queue(argv[1], O_WRONLY | O_NONBLOCK);
	count = number(argv[2], "count", 0, 1000000);
	size = number(argv[3], "size", 0, 1 << 24);
	message = calloc(1, size + 1);
	while (count-- > 0)
		if (mq_send(queue, message, size, 0) < 0)
			err(1, "mq_send");
	free(message);
	return 0;
}

int
queue_put(int argc, char **argv)
{
	char message[8192];
	long long priority;
	size_t size;

	need_args(argc, argv, 2, 2);
	priority = number(argv[2], "priority", 0, 32767);
	size = fread(message, 1, sizeof message, stdin);
	if (mq_send(open_queue(argv[1], O_WRONLY | O_NONBLOCK), message, size,
		    (unsigned)priority) < 0)
		err(1, "mq_send");
	return 0;
}

int
queue_receive(int argc, char **argv)
{
	char message[8192];
	unsigned priority;
	ssize_t size;

	need_args(argc, argv, 1, 1);
	size = mq_receive(open_queue(argv[1], O_RDONLY | O_NONBLOCK), message,
		sizeof message, &priority);
	if (size < 0)
		err(1, "mq_receive");
	printf("%u ", priority);
	fwrite(message, 1, size, stdout);
	return 0;
}

static void
register_notice(mqd_t queue, int how)
{
	struct sigevent event = { .sigev_notify = how, .sigev_signo = SIGUSR1 };

	signal(SIGUSR1, SIG_IGN);
	if (mq_notify(queue, &event) < 0)
		err(1, "mq_notify");
}

static void *
hold_in_thread(void *unused)
{
	(void)unused;
	exit(hold());
}

/* The descriptors belong to a thread that is not the main one. */
static _Noreturn void
leave_to_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, hold_in_thread, NULL) != 0)
		errx(1, "no thread");
	pthread_exit(NULL);
}

/* Opens a queue with descriptors of its own, which the other threads do not have. */
static void *
open_alone(void *name)
{
	mqd_t queue;

	if (unshare(CLONE_FILES) < 0)
		err(1, "unshare");
	queue = open_queue(name, O_RDWR);
	printf("%d %ld\n", (int)queue, (long)getpid());
	exit(hold());
}

static _Noreturn void
leave_to_owner(char *name, bool ends)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, open_alone, name) != 0)
		errx(1, "no thread");
	if (ends)
		pthread_exit(NULL);
	pthread_join(thread, NULL);
	exit(1);
}

int
use_queue(int argc, char **argv)
{
	const char *how, *value;
	mqd_t queue;
	int flags = O_RDWR;

	need_args(argc, argv, 2, 3);
	how = argv[2];
	if (argc > 3 && named_value(argv[3], "as", &value))
		become(number(value, "as", 0, 0xfffffffell));
	if (strcmp(how, "own") == 0 || strcmp(how, "own-left") == 0)
		leave_to_owner(argv[1], strcmp(how, "own-left") == 0);
	if (strcmp(how, "open-r") == 0)
		flags = O_RDONLY;
	else if (strcmp(how, "open-w") == 0)
		flags = O_WRONLY;
	queue = open_queue(argv[1], flags);
	if (strcmp(how, "signal") == 0)
		register_notice(queue, SIGEV_SIGNAL);
	else if (strcmp(how, "quiet") == 0)
		register_notice(queue, SIGEV_NONE);
	printf("%d %ld\n", (int)queue, (long)getpid());
	if (strcmp(how, "thread") == 0)
		leave_to_thread();
	return hold();
}

static int
call_receive(void *data)
{
	char message[8192];

	return mq_receive(*(mqd_t *)data, message, sizeof message, NULL);
}

static int
call_send(void *data)
{
	return mq_send(*(mqd_t *)data, "x", 1, 0);
}

int
queue_wait(int argc, char **argv)
{
	static const long syscalls[] = {
		SYS_mq_timedreceive,
		SYS_mq_timedsend,
	};
	mqd_t queue;
	bool sends;

	need_args(argc, argv, 2, 2);
	sends = strcmp(argv[2], "send") == 0;
	queue = open_queue(argv[1], O_RDWR);
	return hold_blocked(&(struct blocker){
		.syscalls = syscalls,
		.nsyscalls = ARRAY_SIZE(syscalls),
		.id = queue,
		.what = sends ? "mq_send" : "mq_receive",
		.call = sends ? call_send : call_receive,
		.data = &queue,
	});
}
