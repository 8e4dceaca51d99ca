/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_NEAR_H
#define LIB_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

/*
 * The names that a mistyped word may have meant: commands, options, types, fields,
 * formats and whatever else is chosen by name.  A list is made with a designated
 * initialiser that sets word, filled by near_try(), and released by near_free().  It owns
 * its array only: the words in it belong to the caller and must stay until then.
 */
struct near {
	const char *word;
	const char *prefix; /* what each name has in front in messages, such as "--", or
			 * NULL */
	const char **names;
	size_t count;
	bool exact; /* they differ from the word in case only */
};

/*
 * Whether a user who typed word may have meant name: word is its beginning, or becomes it
 * by one change (by two, if name has more than three letters), where a change inserts,
 * removes or replaces a letter, or swaps two neighbours.  Case does not matter.
 */
bool near_is(const char *word, const char *name);

/*
 * Adds name to the list if the word is near to spelling, which is name itself or another
 * way to say the same, such as an alias.  A name is listed once, at its first place.  A
 * spelling that differs in case only drives out those that are only near.
 * spelling may be NULL, which is near to nothing.
 */
void near_try(struct near *n, const char *spelling, const char *name);

/* Appends "; did you mean --a, --b or --c?" to b, or nothing if the list is empty. */
void near_ask(const struct near *n, struct buf *b);

void near_free(struct near *n);

#endif
