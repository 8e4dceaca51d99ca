/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_LISTING_H
#define CMD_LISTING_H

#include "cmd/total.h"
#include "output/sort.h"
#include "report/layout.h"

/*
 * Prints objects, a row each: at once, or at the end if they are to be sorted.
 */
struct listing {
	const struct layout *layout;
	struct out out;
	const struct kind *kind; /* of the present row */
	struct value *values; /* of that row */
	size_t *had; /* the places of the fields that its kind has */
	size_t had_count;
	struct value *keys; /* the values to sort by */
	struct sort *sort; /* NULL if rows keep their order */
	struct kept *kept; /* the objects to be sorted */
	struct buf facts; /* of these, of each as many as it has */
	struct total total;
	facts_t firm; /* the facts without which a field is unread */
	size_t count; /* of objects */
	size_t unread; /* values that could not be read */
};

/* Starts printing; the layout must stay. */
void listing_start(struct listing *l, const struct layout *layout);

/* Prints an object, or keeps a copy of it: what it points to must stay until
 * listing_end(). */
void listing_add(struct listing *l, const struct object *o);

/* Prints what is still kept, and releases everything; count and unread stay. */
void listing_end(struct listing *l);

#endif
