/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMITS_H
#define LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A limit that the kernel sets to a kind of object in an IPC namespace (proc(5)). */
struct limit {
	const char *name; /* "SHMMNI" */
	const char *what; /* "segments" */
	const char *sysctl; /* that sets it, or NULL when nothing does */
	uint64_t limit;
	uint64_t used;
	bool counted; /* there is something to count in used */
};

enum { LIMITS_MAX = 8 }; /* that a kind has */

/* Copies limits up to one without a name; returns how many. */
int limits_copy(struct limit *to, size_t max, const struct limit *from);

#endif
