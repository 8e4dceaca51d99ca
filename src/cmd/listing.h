/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_LISTING_H
#define CMD_LISTING_H

#include "cmd/total.h"
#include "output/sort.h"
#include "report/layout.h"

/* Prints objects, one row for each: at once, or at the end if they are to be sorted. */
struct listing {
	const struct layout *layout;
	struct out out;
	const struct kind *kind; /* of the current row */
	struct value *values; /* of the current row */
	size_t *had; /* the indexes of the fields that its kind has */
	size_t had_count;
	struct value *keys; /* the values to sort by */
	struct sort *sort; /* NULL if rows keep their order */
	struct kept **kept; /* the objects to sort */
	const struct context *context; /* of all of them */
	struct total total;
	facts_t firm; /* a field without one of these facts is unread */
	void (*more)(void *arg, struct out *out); /* prints more after the objects; NULL
						   * after listing_start() */
	void *more_arg;
	size_t count; /* of objects */
	size_t unread; /* values that could not be read */
};

/* Starts printing; the layout must stay valid. */
void listing_start(struct listing *l, const struct layout *layout);

/* Prints an object, or keeps a copy of it (kept.h).  What the copy points to must stay
 * valid until listing_end(). */
void listing_add(struct listing *l, const struct object *o);

/* Prints the objects that are kept, and releases everything; count and unread stay
 * valid. */
void listing_end(struct listing *l);

#endif
