/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Creates the states that tests check, with real system calls and without ipctool. A
 * factory that holds a state prints a line with ids and its pid once the state is
 * reached, so that no test needs to sleep, and ends with its standard input.
 */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAKE_ARGS "[key=K] [mode=M] [uid=U] [gid=G] [as=U]"

static const struct factory factories[] = {
	{
		.name = "shm",
		.args = "SIZE " MAKE_ARGS " [locked] [noreserve]",
		.help = "make a segment, print its id, exit",
		.run = make_shm,
	},
	{
		.name = "sem",
		.args = "NSEMS " MAKE_ARGS,
		.help = "make a semaphore set, print its id, exit",
		.run = make_sem,
	},
	{
		.name = "msg",
		.args = MAKE_ARGS " [qbytes=N]",
		.help = "make a queue, print its id, exit",
		.run = make_msg,
	},
	{
		.name = "attach",
		.args = "ID [times=N] [ro] [move]",
		.help = "attach a segment, then perhaps move to a new IPC namespace, print "
			"ID PID, hold",
		.run = attach,
	},
	{
		.name = "attach-dest",
		.args = "SIZE [key=K]",
		.help = "make, attach and remove a segment, print ID PID, hold",
		.run = attach_dest,
	},
	{
		.name = "use-file",
		.args = "PATH open-r|open-w|open-rw|open-path|mapped-r|mapped-rw|flight "
			"[as=U]",
		.help = "use a file in this way, print INODE PID, hold",
		.run = use_file,
	},
	{
		.name = "open-once",
		.args = "PATH [nonblock]",
		.help = "open a file, print its links or the error, exit",
		.run = open_once,
	},
	{
		.name = "open-often",
		.args = "PATH N [nonblock]",
		.help = "open a file N times, print failures and the longest wait in "
			"milliseconds, exit",
		.run = open_often,
	},
	{
		.name = "named-sem",
		.args = "NAME VALUE [mode=M] [as=U]",
		.help = "make a named semaphore, exit",
		.run = make_named,
	},
	{
		.name = "wait-named",
		.args = "NAME THREADS [timed]",
		.help = "open a named semaphore and wait for it in so many threads, "
			"print PID, hold",
		.run = wait_named,
	},
	{
		.name = "operate-named",
		.args = "NAME post|wait N",
		.help = "post to a named semaphore, or wait for it, N times, exit",
		.run = operate_named,
	},
	{
		.name = "mq",
		.args = "/NAME [mode=M] [maxmsg=N] [msgsize=N] [as=U]",
		.help = "make a POSIX message queue, exit",
		.run = make_queue,
	},
	{
		.name = "mqsend",
		.args = "/NAME COUNT SIZE",
		.help = "send messages to a POSIX queue without waiting",
		.run = queue_send,
	},
	{
		.name = "mqput",
		.args = "/NAME PRIORITY",
		.help = "send standard input to a POSIX queue without waiting",
		.run = queue_put,
	},
	{
		.name = "mqreceive",
		.args = "/NAME",
		.help = "receive one message of a POSIX queue without waiting, print its "
			"priority, a blank and its bytes",
		.run = queue_receive,
	},
	{
		.name = "mquse",
		.args = "/NAME open-r|open-w|open-rw|signal|quiet|thread|own|own-left "
			"[as=U]",
		.help = "open a POSIX queue, register for a notice, leave it to a "
			"thread, or let a thread open it for itself alone, perhaps the "
			"only one; print its descriptor and PID, hold",
		.run = use_queue,
	},
	{
		.name = "mqwait",
		.args = "/NAME receive|send",
		.help = "block in mq_receive or mq_send, print its descriptor "
			"and PID, hold",
		.run = queue_wait,
	},
	{
		.name = "touch",
		.args = "ID",
		.help = "attach a segment, write a byte, detach",
		.run = touch,
	},
	{
		.name = "semwait",
		.args = "ID NUM dec|zero",
		.help = "block in semop, print ID PID, hold",
		.run = sem_wait_for,
	},
	{
		.name = "msgwait",
		.args = "ID [TYPE]",
		.help = "block in msgrcv, print ID PID, hold",
		.run = msg_wait,
	},
	{
		.name = "sendwait",
		.args = "ID",
		.help = "fill a queue and block in msgsnd, print ID PID, hold",
		.run = send_wait,
	},
	{
		.name = "send",
		.args = "ID COUNT SIZE [type=N]",
		.help = "send messages",
		.run = send_messages,
	},
	{
		.name = "recv",
		.args = "ID [type=N]",
		.help = "receive one message without waiting, print its size",
		.run = receive,
	},
	{
		.name = "put",
		.args = "ID [type=N]",
		.help = "send standard input as one message",
		.run = put_message,
	},
	{
		.name = "get",
		.args = "ID [type=N]",
		.help = "receive one message without waiting, print its bytes",
		.run = get_message,
	},
	{
		.name = "fill",
		.args = "ID",
		.help = "fill a segment from standard input",
		.run = fill_segment,
	},
	{
		.name = "dump",
		.args = "ID",
		.help = "print the bytes of a segment",
		.run = dump_segment,
	},
	{
		.name = "await",
		.args = "PID msgrcv|msgsnd|read|write",
		.help = "wait until a process sleeps in this call",
		.run = await,
	},
	{
		.name = "semop",
		.args = "ID NUM DELTA [undo]",
		.help = "one semaphore operation without waiting, undone at the end if "
			"so wanted",
		.run = sem_op,
	},
	{
		.name = "setval",
		.args = "ID NUM VALUE",
		.help = "set one semaphore",
		.run = set_value,
	},
	{
		.name = "setall",
		.args = "ID VALUE",
		.help = "set all semaphores of a set",
		.run = set_all,
	},
	{
		.name = "remove",
		.args = "shm|sem|msg ID",
		.help = "remove an object",
		.run = remove_object,
	},
	{
		.name = "give",
		.args = "shm|sem|msg ID UID",
		.help = "give an object to another owner",
		.run = give_object,
	},
	{
		.name = "population",
		.args = "SEED",
		.help = "make about 60 objects of all sorts, print ready PID, hold",
		.run = population,
	},
	{
		.name = "bulk",
		.args = "N [OWNERS]",
		.help = "make N objects of each type, of OWNERS owners without a name, "
			"raising limits, print the counts",
		.run = bulk,
	},
	{
		.name = "keep-last",
		.help = "remove every object but the last of each type of this private "
			"IPC namespace",
		.run = keep_last,
	},
	{
		.name = "wipe",
		.args = "",
		.help = "remove every object of this private IPC namespace",
		.run = wipe,
	},
	{
		.name = "raw",
		.args = "shm|sem|msg ID",
		.help = "print what IPC_STAT says, as name=value lines",
		.run = raw,
	},
	{
		.name = "raw-index",
		.args = "shm|sem|msg",
		.help = "print what SHM_INFO, SEM_INFO or MSG_INFO says",
		.run = raw_index,
	},
	{
		.name = "child",
		.args = "hold|zombie|threads [pid=N] [as=U] FACTORY [ARG...]",
		.help = "let a child (of that pid, as that user) do FACTORY and then "
			"live on, "
			"be a zombie, or end its main thread only; print its pid, hold",
		.run = child,
	},
	{
		.name = "as",
		.args = "UID [gid=G] [groups=G,...] FACTORY [ARG...]",
		.help = "do FACTORY as another user, with these groups",
		.run = as_other,
	},
	{
		.name = "within",
		.args = "SECONDS FACTORY [ARG...]",
		.help = "do FACTORY, and be killed if that takes longer",
		.run = within,
	},
	{
		.name = "session",
		.args = "FACTORY [ARG...]",
		.help = "do FACTORY as the leader of a new session",
		.run = in_session,
	},
	{
		.name = "leaderless",
		.args = "UID [zombie]",
		.help = "start a process of this user in a session whose leader has "
			"ended, and "
			"is a zombie if so wanted; print the pids of both, hold",
		.run = leaderless,
	},
	{
		.name = "zombies",
		.args = "UID [COMMAND [ARG...]]",
		.help = "have a child of this user that has ended; execute COMMAND, or "
			"print "
			"the pid, hold",
		.run = zombies,
	},
	{
		.name = "forker",
		.args = "UID FD",
		.help = "print the pid; after a byte of standard input fork a process of "
			"this "
			"user, write its pid to descriptor FD, hold",
		.run = forker,
	},
	{
		.name = "threadas",
		.args = "UID [FD]",
		.help = "have one thread of this user, print the pid, hold; with FD, "
			"another "
			"such thread takes its place after a byte of standard input, and "
			"then "
			"the pid is written to FD",
		.run = thread_as,
	},
	{
		.name = "threadhere",
		.args = "UID [none]",
		.help = "as this user have one thread in the IPC namespace, or none, and "
			"the "
			"main one in another; print the pid, hold",
		.run = thread_here,
	},
	{
		.name = "elsewhere",
		.args = "FACTORY [ARG...]",
		.help = "do FACTORY in an IPC namespace of its own",
		.run = elsewhere,
	},
	{
		.name = "keep",
		.args = "ID [ro]",
		.help = "attach a segment and leave it so, for child",
		.run = keep,
	},
	{
		.name = "crowd",
		.args = "N [ID | users]",
		.help = "attach a segment, or give each process a user of its own; fork "
			"N processes, print all pids (the first alone of more than 100), "
			"hold",
		.run = crowd,
	},
	{
		.name = "churn",
		.args = "N ID",
		.help = "let N processes fork others that attach the segment, make and "
			"remove objects and end; print the pid, hold",
		.run = churn,
	},
	{
		.name = "namespace",
		.args = "process|thread|fd|many|churn [size=N] [count=N]",
		.help = "make IPC namespaces, each with a segment of N bytes, which a "
			"process, a thread or a descriptor keeps, print INODE PID [TID|FD], "
			"or for many the count and the pid, hold; or let others come and go",
		.run = namespace,
	},
	{
		.name = "memfd",
		.args = "NAME",
		.help = "map a file of memfd_create(2), print its inode and the pid, "
			"hold",
		.run = memfd,
	},
	{
		.name = "threadwait",
		.args = "sem|msg ID",
		.help = "end the main thread while another one waits (for messages of "
			"type 7), "
			"print ID PID, hold",
		.run = threadwait,
	},
	{
		.name = "scene",
		.args = "[busy] [pipes=N] NAME[<PARENT]:STEP,STEP,... ...",
		.help = "processes that wait for each other, print PID PID ..., hold",
		.run = scene,
	},
	{
		.name = "server",
		.args = "prefork|consumer|daemon|relay ID UID",
		.help = "serve with a semaphore or a queue as this user, print ID PID, "
			"hold; "
			"then kill all of it with -9",
		.run = server,
	},
	{
		.name = "looks",
		.args = "N COMMAND [ARG...]",
		.help = "run COMMAND N times, or until it prints anything or fails",
		.run = looks,
	},
	{
		.name = "terminal",
		.args = "COMMAND [ARG...]",
		.help = "run COMMAND with a terminal as its standard input and error, "
			"which are "
			"passed on, and descriptor 3 as its output; exit as it does",
		.run = terminal,
	},
	{
		.name = "deny",
		.args = "CALL[:CMD]=ERRNO[,...] -- COMMAND [ARG...]",
		.help = "run COMMAND where these system calls fail so",
		.run = deny,
	},
	{
		.name = "measure",
		.args = "-- COMMAND [ARG...]",
		.help = "run COMMAND into /dev/null, print SECONDS CPU-SECONDS KIB (at "
			"most in memory)",
		.run = measure,
	},
	{
		.name = "bare",
		.args = "stat | remove | send ID N | recv ID N | maps | status",
		.help = "only the system calls that this work needs, on all objects or "
			"processes",
		.run = bare_calls,
	},
};

void
usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vwarnx(format, args);
	va_end(args);
	exit(EXIT_USAGE);
}

long long
number(const char *text, const char *what, long long min, long long max)
{
	const char *digits = *text == '-' ? text + 1 : text;
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 0);
	/* strtoll accepts blanks and a plus sign too. */
	if (*digits < '0' || *digits > '9' || *end != '\0')
		usage("%s: not a number: %s", what, text);
	if (errno == ERANGE || value < min || value > max)
		usage("%s: not from %lld to %lld: %s", what, min, max, text);
	return value;
}

int
object_id(const char *text)
{
	return (int)number(text, "id", 0, INT_MAX);
}

void
need_args(int argc, char **argv, int min, int max)
{
	if (argc - 1 < min)
		usage("%s: too few arguments", argv[0]);
	if (argc - 1 > max)
		usage("%s: too many arguments", argv[0]);
}

bool
named_value(const char *text, const char *name, const char **value)
{
	size_t length = strlen(name);

	if (strncmp(text, name, length) != 0 || text[length] != '=')
		return false;
	*value = text + length + 1;
	return true;
}

void
become(uid_t id)
{
	if (setgroups(0, NULL) < 0 || setresgid(id, id, id) < 0 ||
		setresuid(id, id, id) < 0)
		err(1, "cannot become user %u", (unsigned)id);
}

static void
print_factories(FILE *stream)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(factories); i++)
		fprintf(stream, "ipchelper %s%s%s\n\t%s\n", factories[i].name,
			*factories[i].args ? " " : "", factories[i].args,
			factories[i].help);
}

int
run_factory(int argc, char **argv)
{
	size_t i;
	int status;

	if (argc < 1)
		usage("no factory");
	for (i = 0; i < ARRAY_SIZE(factories); i++) {
		if (strcmp(argv[0], factories[i].name) != 0)
			continue;
		status = factories[i].run(argc, argv);
		if (fflush(stdout) != 0)
			err(1, "standard output");
		return status;
	}
	usage("no factory of this name: %s", argv[0]);
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		print_factories(stderr);
		return EXIT_USAGE;
	}
	return run_factory(argc - 1, argv + 1);
}
