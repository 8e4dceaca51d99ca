/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_CALL_H
#define PROCESS_CALL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a system call that can wait does, and which arguments tell what it waits for. */
enum call_does {
	CALL_SEMOP, /* id, operations, their number, time limit */
	CALL_MSGSND, /* id */
	CALL_MSGRCV, /* id, buffer, its size, type, flags */
	CALL_MQ_SEND, /* descriptor, message, size, priority, time limit */
	CALL_MQ_RECEIVE,
	CALL_READ, /* descriptor */
	CALL_WRITE,
	CALL_SPLICE, /* the descriptors that it reads and writes */
	CALL_OPEN, /* descriptor of a directory or AT_FDCWD, path */
	CALL_FLOCK, /* descriptor */
	CALL_FCNTL, /* descriptor, command, struct flock */
	CALL_WAIT_PID, /* process or group as for wait4(2) */
	CALL_WAIT_ID, /* type, id as for waitid(2) */
	CALL_VFORK,
	CALL_SIGNAL, /* set of signals, time limit */
	CALL_SLEEP, /* clock, flags, time */
	CALL_FUTEX, /* word, operation */
	CALL_RESTART, /* a call that a signal interrupted */
	CALL_OTHER, /* what it waits for is not resolved: network, polling */
};

/* The form of a call on one architecture. */
struct call_form {
	uint16_t number;
	uint16_t sub; /* The first argument of a call that has several forms, ipc(2); 0
		       * for all others. */
	enum call_does does;
	const char *name; /* as people know it: semop for semtimedop(2) as well */
	const char *order; /* The positions of the arguments above, "0123", of which -
			    * is not visible; NULL for their natural order. */
};

enum { CALL_ARGS = 6 };

/* A call in which a thread is. */
struct call {
	const struct call_form *form;
	uint64_t args[CALL_ARGS]; /* in the order that enum call_does tells */
	uint64_t stack; /* stack pointer */
	bool is_narrow; /* its words have 32 bits */
	bool has_narrow_times; /* the numbers of a struct timespec have 32 bits */
};

/* Whether the call numbers of this architecture are known. */
bool call_numbers_are_known(void);

/*
 * Parses a line of proc_pid_syscall(5), with the numbers of 32-bit or 64-bit programs; a
 * 32-bit program may use those of x32.  Returns whether the thread is in a call that can
 * wait; if not, *c is unchanged.
 */
bool call_parse(const char *line, bool is_32bit, struct call *c);

/* Whether the program of a thread is a 32-bit program, whose calls have other numbers.
 * 1, 0, or -1 with errno; ENOENT if the thread is ending and has no program any more. */
int call_is_32bit(pid_t pid, pid_t tid);

/* Whether an argument is visible. */
bool call_shows(const struct call *c, unsigned which);

/* The argument of a call as a descriptor, an id or a number of 32 bits: C libraries
 * differ in what they leave in the upper half. */
static inline int32_t
call_int(const struct call *c, unsigned which)
{
	return (int32_t)c->args[which];
}

#endif
