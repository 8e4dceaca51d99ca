/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_SORT_H
#define OUTPUT_SORT_H

#include "output/value.h"

/*
 * Finds the order of rows by some of their values, the keys.  Numbers, sizes, times and
 * the like compare as numbers, everything else as text: byte by byte, but digits by the
 * number that they are, so shm:9 comes before shm:10.  What has no value comes last in
 * either direction.  Rows that are equal in all keys stay in the order in which they
 * came.
 */
struct sort;

/* Starts with this many keys a row; descending tells of each whether the largest comes
 * first, and has to stay as long as the sort does. */
struct sort *sort_new(const bool *descending, size_t keys_count);

/* Adds the keys of the next row, which are not kept; names are made as the style says. */
void sort_add(struct sort *s, const struct value *keys, const struct style *style);

/* The places of the rows, counted from 0 as they were added, in their order.  Belongs
 * to the sort, and nothing can be added any more. */
const size_t *sort_order(struct sort *s);

void sort_free(struct sort *s);

#endif
