/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_LIMIT_H
#define KIND_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kind/object.h"
#include "lib/buf.h"

/* What a limit applies to. */
enum limit_role {
	LIMIT_OTHER,
	LIMIT_OBJECTS, /* the number of objects */
	LIMIT_TOTAL, /* the total size of all objects */
	LIMIT_EACH, /* the size of one object */
	LIMIT_LEAST, /* the minimum size of one object */
	LIMIT_QUEUE, /* the bytes of a queue, without privilege */
};

enum {
	LIMITS_MAX = 8, /* the most limits that a kind has */
	LIMIT_NUMBERS = 4, /* the numbers of a sysctl that has more than one */
};

/* The largest number that a sysctl takes. */
struct limit_most {
	uint64_t number;
	const char *hint; /* a message about what raises it; NULL if nothing does */
};

/* A limit of the kernel for one kind of object in an IPC namespace (proc(5)). */
struct limit {
	const char *name; /* "SHMMNI" */
	const char *what; /* "segments" */
	const char *sysctl; /* the sysctl that sets it; NULL if there is none */
	unsigned position; /* the place of its number in the sysctl, from 1; 0 if the
			    * sysctl has one number only */
	enum limit_role role;
	bool counted; /* "used" is valid */
	bool bytes; /* the limit, and what is used, are numbers of bytes */
	bool is_part; /* it is a part of another resource, and has no limit itself */
	const char *thing; /* the singular of what the text counts at its end, "other
			    * file" for "bytes of 2 other files"; or NULL */
	bool at_least; /* an object counts for its creator, whom the kernel does not
			* record, so owners may have larger shares than those found */
	bool is_memory; /* it counts memory, so that "rss" and "swap" apply */
	enum fact fact; /* LIMIT_TOTAL: the fact of an object that it counts, in units */

	/* What raises it, if it is counted and no part: a sysctl, and then the most that
	 * it can be set to, given its present number; or this option of a mount. */
	struct limit_most (*most)(uint64_t limit);
	const char *mount_option, *mount_point;
	const char *entering; /* before the command that sets the option; NULL if the
			       * mount is the caller's */

	/* Stored by limits_of(): */
	uint64_t unit; /* the bytes or semaphores that count as one */
	uint64_t limit;
	uint64_t used;
	uint64_t things_count;
	int unread; /* the errno why not all of it could be counted, or 0 */
	bool rss_known; /* "rss" and "swap" are valid */
	uint64_t rss, swap; /* bytes of all objects that are resident and swapped out */
	uint64_t numbers[LIMIT_NUMBERS]; /* those of the sysctl, if it has several */
};

/* Stores the limits of a kind, at most LIMITS_MAX.  Returns their number, 0 if the kind
 * has none, -1 with errno, or SOURCE_UNUSABLE with the cause, which may be NULL. */
int limits_of(const struct kind *kind, struct limit *limits, struct buf *cause);

/* Whether a limit is in effect no limit: some defaults of the kernel are, and all values
 * that no machine can reach. */
bool limit_is_none(const struct limit *l);

/* Whether each object takes a part of the limit, and how much an object takes: 1 of
 * LIMIT_OBJECTS; of LIMIT_TOTAL its size in units, rounded up. */
bool limit_has_share(const struct limit *l);
uint64_t limit_share(const struct limit *l, const struct object *o);

/* The used part of a limit in %, rounded down; 100 for a limit of 0. */
uint64_t limit_percent(const struct limit *l);

/* Whether all of a limit is used. */
bool limit_is_full(const struct limit *l);

/* Whether this percentage of a limit or more is used, by the exact ratio. */
bool limit_reaches(const struct limit *l, unsigned percent);

#endif
