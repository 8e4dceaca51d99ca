/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_WAITS_CHAIN_H
#define CMD_WAITS_CHAIN_H

#include "cmd/waits-view.h"

enum { CHAIN_COLUMNS = 4 };

/* Lines of threads, in columns: an indented line is what the one before waits for. */
struct chain {
	struct waits_view *v;
	struct chain_line {
		char *text[CHAIN_COLUMNS];
		size_t width[CHAIN_COLUMNS]; /* on a terminal */
	} * lines;
	size_t count;
	bool *is_printed; /* of each thread */
};

void chain_start(struct chain *c, struct waits_view *v);

/* Adds the line of a thread, which stands for this many alike. */
void chain_add(struct chain *c, size_t thread, size_t alike, size_t depth);

/* Adds a line of up to three texts, which it empties. */
void chain_add_texts(
	struct chain *c, struct buf *first, struct buf *second, struct buf *third);

/* Adds the threads that are shown and are blocked, or are not, each with the chain to its
 * end. */
void chain_add_all(struct chain *c, bool blocked);

/* Prints the lines, and releases them. */
void chain_print(struct chain *c);

#endif
