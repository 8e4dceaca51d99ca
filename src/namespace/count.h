/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_COUNT_H
#define NAMESPACE_COUNT_H

#include "kind/kind.h"
#include "lib/buf.h"

enum { NS_KINDS_MAX = 16 }; /* as many kinds as a kinds_t may have in use */

/* A number that may be unknown. */
struct ns_number {
	bool is_known;
	uint64_t value;
};

/* What a namespace holds. */
struct ns_counts {
	struct ns_number objects[NS_KINDS_MAX]; /* for each index into kinds[] */
	struct ns_number bytes, rss, swap; /* of all segments */
};

/* The kinds that can be counted in each namespace. */
kinds_t ns_counted_kinds(void);

/*
 * Counts the objects of these kinds, which can be counted, in the namespace that the
 * calling thread is in.  failed() is called with the cause for each kind, by its name,
 * whose objects could not all be read, and for each sum that lacks something.
 */
void ns_count(struct ns_counts *counts, kinds_t wanted,
	void (*failed)(void *arg, const char *what, const char *cause), void *arg);

#endif
