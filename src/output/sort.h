/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_SORT_H
#define OUTPUT_SORT_H

#include "output/value.h"

/*
 * Sorts rows by some of their values, the keys.  Numbers, sizes, times and similar types
 * compare as numbers, all others as text: byte by byte, but digits as numbers, so shm:9
 * comes before shm:10.  Rows without a value come last in either direction.  Rows with
 * equal keys keep their order.
 */
struct sort;

/* Creates a sort with this number of keys for each row.  descending tells for each key
 * whether the largest comes first; it must stay valid as long as the sort. */
struct sort *sort_new(const bool *descending, size_t keys_count);

/* Adds the keys of the next row, which are copied.  The style decides how names are
 * formed. */
void sort_add(struct sort *s, const struct value *keys, const struct style *style);

/* The indexes of the rows, counted from 0 as they were added, in sorted order.  The sort
 * owns the result.  No rows can be added after this call. */
const size_t *sort_order(struct sort *s);

void sort_free(struct sort *s);

#endif
