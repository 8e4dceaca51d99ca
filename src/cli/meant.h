/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_MEANT_H
#define CLI_MEANT_H

#include <stdbool.h>

#include "kind/kind.h"
#include "lib/buf.h"

/*
 * Finds objects that an invalid reference may mean: an ID or a key without a type, or a
 * key without 0x.  fits tells which kinds are valid; NULL allows all.  If there are
 * objects, appends "; did you mean shm:5 or msg:5?" and returns true.
 */
bool meant_ask(const char *text, bool (*fits)(const struct kind *kind), struct buf *b);

#endif
