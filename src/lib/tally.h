/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_TALLY_H
#define LIB_TALLY_H

#include <stddef.h>
#include <stdint.h>

/* Counters for each of a number of ids: how much there is of what, by owner. */
struct tally;

struct tally_row {
	uint32_t id;
	const uint64_t *counters;
};

/* Starts with no id at all; each is to have so many counters.  Belongs to the caller. */
struct tally *tally_new(size_t counters);

/* The counters of an id, zeros at first; valid until the next call. */
uint64_t *tally_of(struct tally *t, uint32_t id);

/*
 * All ids and their counters, those with the most of one counter first, and the same
 * number in the order of the ids.  Belongs to the tally and is valid until the next call
 * of any function here.
 */
const struct tally_row *tally_rows(struct tally *t, size_t counter, size_t *count);

void tally_free(struct tally *t);

#endif
