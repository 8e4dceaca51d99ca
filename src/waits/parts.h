/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_PARTS_H
#define WAITS_PARTS_H

#include "waits/world.h"

/*
 * The strongly connected parts of the graph of stuck threads: from each thread to what it
 * waits for, from there to the processes that could release it, and from these to their
 * threads.  Parts are numbered from the ends of the graph: a part leads only to parts of
 * lower numbers.
 */
struct parts {
	struct parts_thread {
		size_t thread;
		size_t part;
	} * threads; /* those that were reached, sorted by part, then by thread */
	size_t count;
	size_t *leads_to; /* of each part: the end that it leads to, itself if it is
			   * one */
	size_t parts; /* their number */
	bool *is_awaited; /* of each process: a thread waits for it */
};

/* Finds the parts of these threads; parts_free() releases the result. */
struct parts parts_find(const struct world *w, const bool *is_stuck);
void parts_free(struct parts *p);

#endif
