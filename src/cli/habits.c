/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/habits.h"

#include <string.h>
#include <strings.h>

#include "lib/array.h"

/* Where something is typed. */
enum place {
	PROGRAM = 1 << 0,
	LIST = 1 << 1,
	STAT = 1 << 2,
	RM = 1 << 3,
	CREATE = 1 << 4,
	LIMITS = 1 << 5,
	SEMOP = 1 << 6,
	SET = 1 << 7,
	OTHERS = 1 << 8,

	SHOWING = LIST | STAT | LIMITS,
	CHOOSING = LIST | STAT | RM,
	ALL_PLACES = PROGRAM | LIST | STAT | RM | CREATE | LIMITS | SEMOP | SET | OTHERS,
};

static const struct {
	const char *command;
	enum place place;
} places[] = {
	{ "", PROGRAM },
	{ "list", LIST },
	{ "stat", STAT },
	{ "rm", RM },
	{ "create", CREATE },
	{ "limits", LIMITS },
	{ "semop", SEMOP },
	{ "set", SET },
};

/* The four programs, and names that other tools have for such commands. */
static const struct {
	const char *word;
	const char *way;
} commands[] = {
	{ "ipcs", "to list objects, use ipctool list" },
	{ "lsipc", "to list objects, use ipctool list" },
	{ "lsns", "to list IPC namespaces, use ipctool namespaces" },
	{ "ipcrm", "to remove objects, use ipctool rm" },
	{ "ipcmk", "to create an object, use ipctool create" },
	{ "add", "to create an object, use ipctool create" },
	{ "make", "to create an object, use ipctool create" },
	{ "new", "to create an object, use ipctool create" },
	{ "del", "to remove objects, use ipctool rm" },
	{ "delete", "to remove objects, use ipctool rm" },
	{ "kill", "to remove objects, use ipctool rm" },
	{ "remove", "to remove objects, use ipctool rm" },
	{ "change", "to change objects, use ipctool set" },
	{ "chmod", "to change the mode, use ipctool set REF --mode=MODE" },
	{ "chown", "to change the owner, use ipctool set REF --owner=USER" },
	{ "info", "to show everything about objects, use ipctool stat" },
	{ "ps", "to show the processes that use objects, use ipctool list -o +pids" },
	{ "top", "to show the processes that use objects, use ipctool list -o +pids" },
	{ "cat", "to print the bytes of shared memory, use ipctool read" },
	{ "dump", "to print the bytes of shared memory, use ipctool read" },
	{ "lock", "to hold a lock while a command runs, use ipctool semop" },
	{ "receive", "to take messages out of a queue, use ipctool recv" },
	{ "version", "to print the version, use ipctool --version" },
};

/* The first row that fits counts. */
static const struct habit {
	unsigned at;
	char letter; /* or 0 */
	const char *name; /* of the long option, or NULL */
	const char *way;
} habits[] = {
	/* Which objects: ipcs and lsipc. */
	{ PROGRAM, 'm', "shmems",
		"to list shared memory segments, use ipctool list shm; to remove one, "
		"use ipctool rm -m ID" },
	{ PROGRAM, 'q', "queues",
		"to list message queues, use ipctool list msg; to remove one, use "
		"ipctool rm -q ID" },
	{ PROGRAM, 's', "semaphores",
		"to list semaphore sets, use ipctool list sem; to remove one, use "
		"ipctool rm -s ID" },
	{ STAT, 'm', "shmems", "to show all segments, use ipctool stat shm" },
	{ STAT, 'q', "queues", "to show all queues, use ipctool stat msg" },
	{ STAT, 's', "semaphores", "to show all semaphore sets, use ipctool stat sem" },
	{ STAT, 'M', "posix-shmems",
		"to show all POSIX shared memory, use ipctool stat pshm" },
	{ STAT, 'Q', "posix-mqueues", "to show all POSIX queues, use ipctool stat pmsg" },
	{ STAT, 'S', "posix-semaphores",
		"to show all named semaphores, use ipctool stat psem" },
	{ LIMITS, 'm', "shmems",
		"to show the limits of shared memory, use ipctool limits shm" },
	{ LIMITS, 'q', "queues",
		"to show the limits of message queues, use ipctool limits msg" },
	{ LIMITS, 's', "semaphores",
		"to show the limits of semaphores, use ipctool limits sem" },
	{ LIMITS, 'M', "posix-shmems",
		"to show what fills /dev/shm, use ipctool limits pshm" },
	{ LIMITS, 'Q', "posix-mqueues",
		"to show the limits of POSIX message queues, use ipctool limits pmsg" },
	{ LIMITS, 'S', "posix-semaphores",
		"to show the limit of named semaphores, use ipctool limits psem" },
	{ PROGRAM | LIST, 'a', "all",
		"to list all objects, use ipctool list, or ipctool list all to include "
		"POSIX objects" },
	{ STAT, 'a', "all",
		"to show all objects, use ipctool stat sysv, or ipctool stat all to "
		"include POSIX objects" },
	{ LIMITS, 'a', "all", "to show the limits of all types, use ipctool limits" },
	{ ALL_PLACES, 0, "id", "objects are named by reference, for example shm:2" },
	{ PROGRAM | LIST | LIMITS, 'i', NULL,
		"to show one object, use ipctool stat with its reference, for example "
		"shm:2" },
	{ STAT | RM, 'i', NULL, "objects are named by reference, for example shm:2" },
	{ PROGRAM | LIST | LIMITS, 'N', NULL,
		"to show one POSIX object, use ipctool stat with its reference, for "
		"example pshm:/cache" },
	{ STAT, 'N', NULL,
		"POSIX objects are named by reference, for example pshm:/cache" },
	{ PROGRAM | LIMITS | CREATE, 0, "name",
		"POSIX objects are named by reference, for example pshm:/cache" },

	/* What is shown: ipcs and lsipc. */
	{ PROGRAM | LIST | LIMITS, 'c', "creator",
		"to show creators, use ipctool list -o +creator,cgroup" },
	{ STAT, 'c', "creator", "ipctool stat shows the creator without an option" },
	{ PROGRAM | LIST | LIMITS, 'p', "pid",
		"to show process IDs, use ipctool list -o +cpid,lpid,lspid,lrpid,pids" },
	{ STAT, 'p', "pid", "ipctool stat shows process IDs without an option" },
	{ PROGRAM | LIST | LIMITS, 't', "time",
		"to show times, use ipctool list -o +ctime,atime,dtime,otime,stime,"
		"rtime" },
	{ STAT, 't', "time", "ipctool stat shows times without an option" },
	{ PROGRAM | LIST | STAT, 'l', "limits", "to show limits, use ipctool limits" },
	{ LIMITS, 'l', "limits", "ipctool limits shows limits without an option" },
	{ PROGRAM | LIST | STAT, 'u', "summary",
		"to show what is used of each limit, use ipctool limits" },
	{ LIMITS, 'u', "summary", "ipctool limits shows use without an option" },
	{ PROGRAM | LIST | STAT, 'g', "global",
		"to show limits and what is used of them, use ipctool limits" },
	{ LIMITS, 'g', "global", "ipctool limits shows all limits without an option" },
	{ PROGRAM | LIST | STAT, 'G', NULL,
		"to show limits and what is used of them, use ipctool limits" },
	{ LIMITS, 'G', NULL, "ipctool limits shows all limits without an option" },

	/* How it is shown: ipcs and lsipc. */
	{ PROGRAM | LIST, 'b', "bytes", "to show exact sizes, use ipctool list --bytes" },
	{ STAT, 'b', NULL, "to show exact sizes, use ipctool stat --bytes" },
	{ LIMITS, 'b', NULL, "to show exact sizes, use ipctool limits --bytes" },
	{ PROGRAM, 0, "human", "ipctool list shows sizes with units without an option" },
	{ SHOWING, 0, "human", "sizes have units unless --bytes is given" },
	{ PROGRAM, 'J', "json", "to print JSON, use ipctool list --json" },
	{ PROGRAM, 'o', "output", "to choose fields, use ipctool list -o FIELD,..." },
	{ PROGRAM | LIST | STAT, 'e', "export",
		"to print the format export, use ipctool list --format=export" },
	{ LIMITS, 'e', "export",
		"to print the format export, use ipctool limits --format=export" },
	{ PROGRAM | LIST | STAT, 'r', "raw",
		"to print the format raw, use ipctool list --format=raw" },
	{ LIMITS, 'r', "raw",
		"to print the format raw, use ipctool limits --format=raw" },
	{ PROGRAM | LIST | STAT, 'y', "shell",
		"to print names that a shell can use, use ipctool list --format=export" },
	{ LIMITS, 'y', "shell",
		"to print names that a shell can use, use ipctool limits "
		"--format=export" },
	{ PROGRAM | LIST, 'n', "newline",
		"to print each field on its own line, use ipctool stat" },
	{ STAT, 'n', "newline",
		"ipctool stat prints each field on its own line without an option" },
	{ LIMITS, 'n', "newline",
		"to print each field with its name, use ipctool limits "
		"--format=export" },
	{ PROGRAM, 0, "list", "to list objects, use ipctool list" },
	{ LIST | STAT, 0, "list", "ipctool list prints a table without an option" },
	{ LIMITS, 0, "list", "ipctool limits prints a table without an option" },
	{ PROGRAM | LIST | LIMITS, 'P', "numeric-perms",
		"to show modes as numbers, use ipctool list -o +mode" },
	{ STAT, 'P', "numeric-perms",
		"ipctool stat shows the mode as a number without an option" },
	{ PROGRAM, 0, "noheadings",
		"to print no headings, use ipctool list --no-headings" },
	{ SHOWING, 0, "noheadings", "to print no headings, use --no-headings" },
	{ PROGRAM | LIST, 0, "notruncate",
		"to keep all columns of a table, name them: ipctool list -o FIELD,..." },
	{ STAT, 0, "notruncate", "ipctool stat truncates nothing" },
	{ LIMITS, 0, "notruncate",
		"to keep all columns of a table, name them: ipctool limits -o "
		"FIELD,..." },
	{ PROGRAM | LIST | LIMITS, 0, "time-format",
		"to choose the form of times, use ipctool list --time=iso or "
		"--time=epoch" },
	{ STAT, 0, "time-format",
		"to choose the form of times, use ipctool stat --time=iso or "
		"--time=epoch" },

	/* Names that other tools have for such options. */
	{ CHOOSING, 0, "owner", "to choose objects by their owner, use --user=USER" },
	{ CHOOSING, 0, "size",
		"to choose objects by their size, use --min-size=SIZE or "
		"--max-size=SIZE" },
	{ ALL_PLACES, 0, "namespace", "to choose a namespace, use --ipc-ns=NS" },
	{ ALL_PLACES, 0, "ns", "to choose a namespace, use --ipc-ns=NS" },
	{ ALL_PLACES, 0, "target", "to choose a namespace, use --ipc-ns=PID" },
	{ ALL_PLACES, 0, "container",
		"to choose a container, use --ipc-ns with its ID, for example "
		"--ipc-ns=docker:3f2a9c" },
	{ ALL_PLACES, 0, "pod", "to choose a pod, use --ipc-ns=pod:UID" },
	{ CHOOSING, 0, "messages",
		"to choose queues by their messages, use --min-messages=N" },
	{ CHOOSING, 0, "older", "to choose objects by their age, use --idle=DURATION" },
	{ CHOOSING, 0, "age", "to choose objects by their age, use --idle=DURATION" },
	{ CHOOSING | CREATE | LIMITS, 0, "type", "types are operands, for example shm" },
	{ SHOWING, 0, "columns",
		"to choose fields, use -o FIELD,...; --list-fields lists them" },
	{ SHOWING, 0, "fields",
		"to choose fields, use -o FIELD,...; --list-fields lists them" },
	{ LIST | LIMITS, 0, "csv", "to print CSV, use --format=csv" },
	{ LIST, 0, "group-by", "to add up groups of objects, use --by=FIELD" },
	{ LIST, 0, "verbose", "to show everything about objects, use ipctool stat" },
	{ OTHERS | SEMOP, 0, "wait",
		"to limit the time of waiting, use --timeout=DURATION" },
	{ OTHERS | SEMOP, 0, "nowait", "to fail instead of waiting, use --timeout=0" },
	{ SEMOP, '1', NULL,
		"an operation starts with the number of its semaphore, for example 0-1" },

	/* ipcrm.  The command rm has its options. */
	{ RM, 0, "all", "to remove all objects of a type, use ipctool rm TYPE --all" },
	{ PROGRAM, 'v', "verbose",
		"to print each object that is removed, use ipctool rm -v" },
	{ PROGRAM, 'M', "posix-shmems",
		"to list POSIX shared memory, use ipctool list pshm; to create a "
		"segment, use ipctool create shm --size=SIZE; to remove one by its key, "
		"use ipctool rm -M KEY" },
	{ PROGRAM, 'Q', "posix-mqueues",
		"to list POSIX queues, use ipctool list pmsg; to create a queue, use "
		"ipctool create msg; to remove one by its key, use ipctool rm -Q KEY" },
	{ PROGRAM, 'S', "posix-semaphores",
		"to list named semaphores, use ipctool list psem; to create a semaphore "
		"set, use ipctool create sem --nsems=N; to remove one by its key, use "
		"ipctool rm -S KEY" },
	{ RM, 0, "posix-shmem",
		"to remove POSIX shared memory, use ipctool rm pshm:/NAME" },
	{ RM, 0, "posix-mqueue", "to remove a POSIX queue, use ipctool rm pmsg:/NAME" },
	{ RM, 0, "posix-semaphore",
		"to remove a named semaphore, use ipctool rm psem:/NAME" },
	{ PROGRAM, 0, "posix-shmem",
		"to create POSIX shared memory, use ipctool create pshm:/NAME "
		"--size=SIZE; to remove it, use ipctool rm pshm:/NAME" },
	{ PROGRAM, 0, "posix-mqueue",
		"to create a POSIX queue, use ipctool create pmsg:/NAME; to remove it, "
		"use ipctool rm pmsg:/NAME" },
	{ PROGRAM, 0, "posix-semaphore",
		"to create a named semaphore, use ipctool create psem:/NAME; to remove "
		"it, use ipctool rm psem:/NAME" },
	{ PROGRAM, 0, "shmem-id", "to remove a segment, use ipctool rm --shmem-id=ID" },
	{ PROGRAM, 0, "shmem-key",
		"to remove a segment, use ipctool rm --shmem-key=KEY" },
	{ PROGRAM, 0, "queue-id", "to remove a queue, use ipctool rm --queue-id=ID" },
	{ PROGRAM, 0, "queue-key", "to remove a queue, use ipctool rm --queue-key=KEY" },
	{ PROGRAM, 0, "semaphore-id",
		"to remove a semaphore set, use ipctool rm --semaphore-id=ID" },
	{ PROGRAM, 0, "semaphore-key",
		"to remove a semaphore set, use ipctool rm --semaphore-key=KEY" },
	{ LIST, 0, "shmem-id", "to list one segment, name it, for example shm:2" },
	{ LIST, 'M', "posix-shmems",
		"to list POSIX shared memory, use ipctool list pshm; to list one segment "
		"by its key, name it, for example shm:0x52e2c1" },
	{ LIST, 0, "shmem-key",
		"to list one segment, name its key, for example shm:0x52e2c1" },
	{ LIST, 0, "queue-id", "to list one queue, name it, for example msg:2" },
	{ LIST, 'Q', "posix-mqueues",
		"to list POSIX queues, use ipctool list pmsg; to list one queue by its "
		"key, name it, for example msg:0x52e2c1" },
	{ LIST, 0, "queue-key",
		"to list one queue, name its key, for example msg:0x52e2c1" },
	{ LIST, 0, "semaphore-id",
		"to list one semaphore set, name it, for example sem:2" },
	{ LIST, 'S', "posix-semaphores",
		"to list named semaphores, use ipctool list psem; to list one semaphore "
		"set by its key, name it, for example sem:0x52e2c1" },
	{ LIST, 0, "semaphore-key",
		"to list one semaphore set, name its key, for example sem:0x52e2c1" },

	/* truncate(1). */
	{ SET, 0, "size",
		"the size of an object cannot be changed: shrinking it would kill the "
		"processes that have it mapped" },

	/* ipcmk. */
	{ PROGRAM | CREATE, 0, "shmem",
		"to create a segment, use ipctool create shm --size=SIZE" },
	{ PROGRAM | CREATE, 0, "queue", "to create a queue, use ipctool create msg" },
	{ PROGRAM | CREATE, 0, "semaphore",
		"to create a semaphore set, use ipctool create sem --nsems=N" },
	{ CREATE, 'M', NULL, "to create a segment, use ipctool create shm --size=SIZE" },
	{ CREATE, 'm', "posix-shmem",
		"to create POSIX shared memory, use ipctool create pshm:/NAME "
		"--size=SIZE; to create a segment, use ipctool create shm --size=SIZE" },
	{ CREATE, 'Q', NULL, "to create a queue, use ipctool create msg" },
	{ CREATE, 'q', "posix-mqueue",
		"to create a POSIX queue, use ipctool create pmsg:/NAME; to create a "
		"System V queue, use ipctool create msg" },
	{ CREATE, 'S', NULL,
		"to create a semaphore set, use ipctool create sem --nsems=N" },
	{ CREATE, 's', "posix-semaphore",
		"to create a named semaphore, use ipctool create psem:/NAME; to create a "
		"semaphore set, use ipctool create sem --nsems=N" },
	{ CREATE, 'n', NULL,
		"POSIX objects are named by reference, for example pshm:/cache" },
	{ CREATE, 'p', NULL,
		"to set the permissions, use ipctool create TYPE --mode=MODE" },
	{ PROGRAM, 0, "mode",
		"to set the permissions, use ipctool create TYPE --mode=MODE" },
};

static enum place
place_of(const char *command)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (strcmp(places[i].command, command) == 0)
			return places[i].place;
	return OTHERS;
}

const char *
habit_command(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcasecmp(commands[i].word, word) == 0)
			return commands[i].way;
	return NULL;
}

const char *
habit_letter(const char *command, char letter)
{
	enum place place = place_of(command);

	for (size_t i = 0; i < ARRAY_SIZE(habits); i++)
		if ((habits[i].at & place) && habits[i].letter == letter)
			return habits[i].way;
	return NULL;
}

const char *
habit_option(const char *command, const char *name, size_t len)
{
	enum place place = place_of(command);

	for (size_t i = 0; i < ARRAY_SIZE(habits); i++)
		if ((habits[i].at & place) && habits[i].name != NULL &&
			strlen(habits[i].name) == len &&
			memcmp(habits[i].name, name, len) == 0)
			return habits[i].way;
	return NULL;
}
