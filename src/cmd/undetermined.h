/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_UNDETERMINED_H
#define CMD_UNDETERMINED_H

#include <stddef.h>

#include "process/derive.h"

/* Facts that could not be determined, by the reason. */
struct undetermined {
	struct undetermined_row *rows;
	size_t count;
};

/* Notes which of these facts of an object are unknown, and why.  verdict is that on its
 * staleness, if that is among them. */
void undetermined_note(struct undetermined *u, struct derive *d, const struct object *o,
	facts_t facts, const struct verdict *verdict);

/* Says "used, stale of 3 objects cannot be determined: REASON" for each reason. */
void undetermined_say(const struct undetermined *u);

void undetermined_free(struct undetermined *u);

#endif
