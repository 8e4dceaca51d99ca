/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_TOTAL_H
#define CMD_TOTAL_H

#include "report/layout.h"

/* The last row of a table, which adds up the others. */
struct total {
	const struct layout *layout;
	uint64_t *sums; /* of each field; NULL if the layout asks for no total */
	bool *unread; /* of each field: a value could not be read */
};

/* Starts adding; the layout must stay. */
void total_start(struct total *t, const struct layout *layout);

/* Adds a row: a value for each field. */
void total_add(struct total *t, const struct value *values);

/* Prints the total, if the layout asks for it. */
void total_print(const struct total *t, struct out *out);

void total_end(struct total *t);

#endif
