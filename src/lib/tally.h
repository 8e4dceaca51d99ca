/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_TALLY_H
#define LIB_TALLY_H

#include <stddef.h>
#include <stdint.h>

/* Counters for each of a set of ids, such as the number and size of objects by owner. */
struct tally;

struct tally_row {
	uint32_t id;
	const uint64_t *counters;
};

/* Creates a tally without ids, with this number of counters for each id.  The caller owns
 * it. */
struct tally *tally_new(size_t counters);

/* The counters of an id, initially 0; valid until the next call. */
uint64_t *tally_of(struct tally *t, uint32_t id);

/* All ids and their counters, sorted by one counter, the largest first, and then by id.
 * The tally owns the result, which is valid until the next call of any function here. */
const struct tally_row *tally_rows(struct tally *t, size_t counter, size_t *count);

void tally_free(struct tally *t);

#endif
