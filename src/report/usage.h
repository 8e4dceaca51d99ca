/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_USAGE_H
#define REPORT_USAGE_H

#include "kind/kind.h"
#include "kind/limit.h"
#include "lib/buf.h"

enum { USAGE_TOP = 5 }; /* number of owners to name */

/* The usage of a limit of the kernel, and its main users. */
struct usage {
	const struct kind *kind;
	struct limit limit;
	bool owners_known; /* owners have shares in the limit, and they could be read */
	size_t owners_count;
	struct {
		uid_t uid;
		uint64_t used;
	} owners[USAGE_TOP]; /* those with the largest shares, the largest first */
};

/*
 * Reads the limits of a kind and their usage.  Returns their number, at most LIMITS_MAX,
 * or -1 with the cause.  problem() is called with a text for each defect of single
 * objects, and *problems counts them.  If some objects cannot be read, the owners are not
 * known.
 */
int usage_read(const struct kind *kind, struct usage *usages,
	void (*problem)(const char *text), size_t *problems, struct buf *cause);

#endif
