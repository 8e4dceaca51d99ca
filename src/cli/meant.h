/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_MEANT_H
#define CLI_MEANT_H

#include <stdbool.h>

#include "kind/kind.h"
#include "lib/buf.h"

/*
 * Looks for objects that a text which is no reference may name: an ID or a key without a
 * type, or a key without 0x.  Only kinds that fit count; NULL lets all of them fit.
 * Appends "; did you mean shm:5 or msg:5?" and returns true if there are any.
 */
bool meant_ask(const char *text, bool (*fits)(const struct kind *kind), struct buf *b);

#endif
