/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_NEAR_H
#define LIB_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

/* How a mistyped word is like a name, from the least to the most. */
enum likeness {
	LIKE_ROUGHLY, /* a few changes make it the name */
	LIKE_START, /* the name begins with it */
	LIKE_CASE, /* they differ in case only */
};

/*
 * The names that a mistyped word may mean: commands, options, types, fields, formats and
 * other names.  Initialise a list with a designated initialiser that sets word, fill it
 * with near_try(), and release it with near_free().  It owns its array only: the caller
 * owns the words, which must stay valid until then.
 */
struct near {
	const char *word;
	const char *prefix; /* the prefix of each name in messages, such as "--", or
			     * NULL */
	const char **names;
	size_t count;
	enum likeness likeness; /* of these names to the word */
};

/*
 * Whether a user who typed word may have meant name.  This is so if word is a prefix of
 * name, or becomes name by one change (by two, if name has more than three letters).  A
 * change inserts, removes or replaces a letter, or swaps two neighbours.  Case does not
 * matter.
 */
bool near_is(const char *word, const char *name);

/*
 * Adds name to the list if the word is near to spelling, which is name itself or another
 * word for it, such as an alias.  A name is listed only once.  Only the names that are
 * most like the word stay in the list.  spelling may be NULL: then nothing is added.
 */
void near_try(struct near *n, const char *spelling, const char *name);

/* Appends "; did you mean --a, --b or --c?" to b, or nothing if the list is empty. */
void near_ask(const struct near *n, struct buf *b);

void near_free(struct near *n);

#endif
