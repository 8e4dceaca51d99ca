/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_UNREAD_H
#define CMD_UNREAD_H

#include "lib/buf.h"

/* Values that should have been printed but could not be read, for one message at the end:
 * the reasons, each once, are collected in a buffer. */

/* Adds a reason why values of a kind could not be read, as the text of a message. */
void unread_note(struct buf *reasons, const char *kind, const char *why);

/* Says how many values could not be read, if any, and why. */
void unread_say(size_t values, struct buf *reasons);

/* Says why users or groups were printed by number, if their names could not be looked
 * up. */
void unread_say_names(void);

#endif
