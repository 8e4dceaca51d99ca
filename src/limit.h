/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMIT_H
#define LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
};

enum { LIMITS_MAX = 8 }; /* that a kind has */

/* Copies limits up to one without a name; returns how many. */
int limits_copy(struct limit *to, size_t max, const struct limit *from);

#endif
