/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LISTING_H
#define LISTING_H

#include "opt-output.h"
#include "sort.h"

/*
 * Objects on their way to standard output, a row each: printed as they come, or kept until
 * all are there where they are to be sorted.
 */
struct listing {
	const struct opt_output *opt;
	struct out out;
	struct value *values; /* of the row at hand */
	struct value *keys; /* the same, to sort by */
	struct sort *sort; /* NULL where rows keep their order */
	struct held *held; /* the objects to be sorted */
	size_t room; /* that there is for them */
	size_t count; /* rows, printed or not */
};

/* Begins a listing of the fields that were chosen; opt has to stay. */
void listing_begin(struct listing *l, const struct opt_output *opt);

/*
 * Adds an object whose age counts from now.  The object is copied; what it points to has to
 * stay until the end.  Returns how many of its values could not be read.
 */
size_t listing_add(struct listing *l, const struct object *o, time_t now);

/* Prints what is kept and releases everything. */
void listing_end(struct listing *l);

#endif
