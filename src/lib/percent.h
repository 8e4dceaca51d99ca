/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_PERCENT_H
#define LIB_PERCENT_H

#include "lib/buf.h"

/* Appends a name to a reference: bytes that could harm a shell or a terminal become %HH.
 * Letters, digits, "_.,+:=-" and the characters of also stand for themselves. */
void percent_put(struct buf *b, const char *name, const char *also);

/* Reads the two digits at *p, after a %, and moves *p after them.  0, or -1 if they are
 * none. */
int percent_take(const char **p, unsigned char *byte);

#endif
