/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_SET_H
#define KIND_SET_H

#include <stdbool.h>

#include "kind/object.h"
#include "lib/buf.h"

/* One operation on a semaphore: a change of its value, or 0 to wait until it is zero. */
struct sem_change {
	unsigned short num;
	short by;
};

/* Reads "0+1", "0-1" or "0=0".  0, or -1 with the cause. */
int sem_change_parse(const char *text, struct sem_change *change, struct buf *cause);

/* What semaphore sets can do. */
struct set_ops {
	/* Operations that one call may have; UINT64_MAX where not known. */
	uint64_t (*most)(void);

	/*
	 * Does all of the changes at once, waiting until that is possible, at most so
	 * many nanoseconds; undo: the kernel takes them back when this process ends.  0,
	 * or -1 with errno as semop(2) has it, EAGAIN when the time is up.
	 */
	int (*change)(const struct object *o, const struct sem_change *changes,
		size_t count, bool undo, uint64_t timeout);
};

#endif
