/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_LOCKS_H
#define WAITS_LOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

/* A line of /proc/locks (proc_locks(5)): a lock, or the wish for one. */
struct lock {
	enum lock_type {
		LOCK_FLOCK,
		LOCK_POSIX, /* of fcntl(2), by process */
		LOCK_OFD, /* of fcntl(2), by open file description */
	} type;
	unsigned depth; /* 0 if it is held; else it waits for the one at "before" */
	size_t before; /* index; SIZE_MAX if it is held */
	bool writes; /* it is exclusive */
	pid_t pid; /* of the process that took it, or waits; -1 for LOCK_OFD, and for
		    * processes of other hosts */
	uint64_t device, inode;
	uint64_t start, end; /* bytes; UINT64_MAX for the end of the file */
};

struct locks {
	struct lock *list;
	size_t count;
};

/* Reads all locks and wishes.  0, or -1 with errno; then there are none. */
int locks_read(struct locks *l);
void locks_free(struct locks *l);

/* Parses the text after the number of a line.  Returns whether it is a lock of these
 * types; if not, only the depth is known. */
bool lock_parse(const char *text, struct lock *lock);

/* Whether a lock that fdinfo shows is this one. */
bool lock_is_same(const struct lock *a, const struct lock *b);

/* Calls take() with each lock that the fdinfo of a descriptor shows. */
void locks_of_info(
	const char *info, void (*take)(void *arg, const struct lock *lock), void *arg);

#endif
