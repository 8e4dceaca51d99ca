/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_UNREAD_H
#define CMD_UNREAD_H

#include "lib/buf.h"

/* What should have been printed but could not be read, for one line at the end of a
 * run. */
struct unread {
	size_t values;
	struct buf why; /* the reasons, each once */
};

/* Notes why values of a kind could not be read, in the words of a message. */
void unread_note(struct unread *u, const char *kind, const char *why);

/* Says how many there are, if any, and why; releases the reasons. */
void unread_say(struct unread *u);

/* Says why users or groups were printed by number, if their names could not be looked
 * up. */
void unread_say_names(void);

#endif
