/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_SET_H
#define KIND_SET_H

#include <stdbool.h>

#include "kind/object.h"
#include "lib/buf.h"

/* One operation on a semaphore: a change of its value, or 0 to wait until it is zero. */
struct sem_change {
	unsigned short num;
	int by;
};

/* Parses "0+1", "0-1" or "0=0".  0, or -1 with the cause. */
int sem_change_parse(const char *text, struct sem_change *change, struct buf *cause);

/* One semaphore of a set. */
struct semaphore {
	unsigned val;
	uint32_t pid; /* that did the last operation */
	unsigned ncnt; /* processes that wait for an increase */
	unsigned zcnt; /* processes that wait for zero */
};

/* The operations on semaphore sets.  They return 0, or -1 with the errno of the kernel:
 * EINVAL or EIDRM if the set is gone. */
struct set_ops {
	int (*set_value)(const struct object *o, unsigned num, unsigned value);
	int (*set_values)(const struct object *o, const uint16_t *values);
	int (*get_semaphores)(const struct object *o, struct semaphore *semaphores);
	int (*get_pid)(const struct object *o, unsigned num, pid_t *pid);
	int (*get_value)(const struct object *o, unsigned num, unsigned *value);
	int (*get_waiters)(const struct object *o, unsigned num, unsigned *waiters);

	/* The maximum number of operations in one call; UINT64_MAX if it is not known. */
	uint64_t (*most)(void);

	/*
	 * Performs all changes atomically.  Waits until that is possible, but at most
	 * this many nanoseconds.  With undo the kernel reverts them when this process
	 * ends.  0, or -1 with the errno of semop(2), EAGAIN after the time is up.
	 */
	int (*change)(const struct object *o, const struct sem_change *changes,
		size_t count, bool undo, uint64_t timeout);
};

/*
 * The operations on objects that are one semaphore each.  They return 0, or -1 with the
 * cause, which may be the removal of the object.
 */
struct semaphore_ops {
	/* Sets the value and wakes the waiters, and stores the value before.  With
	 * dry_run only finds out what would fail, and the value.  EACCES if the mode does
	 * not permit it. */
	int (*set_value)(const struct object *o, unsigned value, bool dry_run,
		uint64_t *old, struct buf *cause);

	/* Parses an operation that such an object can do; the cause repeats it. */
	int (*parse)(const char *text, struct sem_change *change, struct buf *cause);

	/* Performs an operation.  Waits at most this many nanoseconds, and while
	 * wait_signal() is 0: EAGAIN after the time is up, EINTR after a signal. */
	int (*change)(const struct object *o, const struct sem_change *change,
		uint64_t timeout, struct buf *cause);
};

#endif
