/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_LISTING_H
#define CMD_LISTING_H

#include "cli/output.h"
#include "cmd/unread.h"
#include "output/sort.h"

/*
 * Prints objects, a row each: as they come, or at the end where they are to be sorted.
 */
struct printer {
	const struct opt_output *opt;
	struct out out; /* whose 'to' may be changed before anything is printed */
	const struct kind *kind; /* of the row at hand */
	struct value *values; /* of that row */
	size_t *had; /* the places of the fields that its kind has */
	size_t had_count;
	struct value *keys; /* the same, to sort by */
	struct sort *sort; /* NULL where rows keep their order */
	struct kept *kept; /* the objects to be sorted */
	size_t room; /* that there is for them */
	struct buf facts; /* theirs, of each as many as it has */
	size_t count; /* objects */
	facts_t firm; /* what the fields are made from */
	struct unread unread; /* said at the end */
};

/* Starts printing the fields that were chosen; opt has to stay. */
void printer_start(struct printer *p, const struct opt_output *opt);

/* All that must be known of an object to print it. */
facts_t printer_needs(const struct printer *p);

/* Prints an object, or keeps a copy of it: what it points to has to stay until the
 * end. */
void printer_print(struct printer *p, const struct object *o);

/* Prints what is still kept, says what could not be read, and releases everything. */
void printer_end(struct printer *p);

#endif
