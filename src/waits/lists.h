/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_LISTS_H
#define WAITS_LISTS_H

#include <stddef.h>

/*
 * Lists of indexes, one for each of a number of owners, in two arrays: those of owner i
 * are items[j] for j from start[i] up to but not including start[i + 1].
 *
 * The pairs of an owner and an item are visited twice in the same order: first
 * lists_count() for each, then lists_place() once, then lists_put() for each.
 */
struct lists {
	size_t *start;
	size_t *items;
	size_t owners;
};

struct lists lists_new(size_t owners);
void lists_count(struct lists *l, size_t owner);
void lists_place(struct lists *l);
void lists_put(struct lists *l, size_t owner, size_t item);
void lists_free(struct lists *l);

#endif
