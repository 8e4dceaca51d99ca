/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_LIMIT_H
#define KIND_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kind/object.h"

/* What a limit limits. */
enum limit_role {
	LIMIT_OTHER,
	LIMIT_OBJECTS, /* how many objects there may be */
	LIMIT_TOTAL, /* the size of all of them together */
	LIMIT_EACH, /* the size of one */
	LIMIT_LEAST, /* the least size of one */
	LIMIT_QUEUE, /* bytes of a queue, unless one is privileged */
};

/* A limit that the kernel sets to a kind of object in an IPC namespace (proc(5)). */
struct limit {
	const char *name; /* "SHMMNI" */
	const char *what; /* "segments" */
	const char *sysctl; /* that sets it, or NULL when nothing does */
	enum limit_role role;
	uint64_t unit; /* bytes, or semaphores, that it counts as one */
	uint64_t limit;
	bool counted; /* there is something to count: */
	uint64_t used;
	bool bytes; /* the limit is a number of bytes */
	enum fact fact; /* of LIMIT_TOTAL: what of an object it counts, in units */
};

enum { LIMITS_MAX = 8 }; /* that a kind has */

/* The limits of a kind: how many there are, at most max, none where it has no such
 * method, or -1 with errno. */
int limits_of(const struct kind *kind, struct limit *limits, size_t max);

/* Whether a limit is as good as none: the kernel's own default for some of them, and all
 * that no machine can reach. */
bool limit_is_none(const struct limit *l);

/* Whether objects have a share in what is used, and how much of the limit one takes: 1
 * of LIMIT_OBJECTS, and of LIMIT_TOTAL as many units as it has or begins. */
bool limit_has_share(const struct limit *l);
uint64_t limit_share(const struct limit *l, const struct object *o);

/* How much of a limit is used, in %, rounded down; of a limit of 0 everything is. */
uint64_t limit_percent(const struct limit *l);

/* Whether more than so many % of a limit are used. */
bool limit_is_beyond(const struct limit *l, unsigned percent);

/* Copies limits up to one without a name; returns how many. */
int limits_copy(struct limit *to, size_t max, const struct limit *from);

#endif
