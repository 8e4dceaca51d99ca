/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_MODE_H
#define LIB_MODE_H

#include "lib/buf.h"

/* A change of permissions, octal or symbolic as in chmod(1). */
struct mode_change;

/*
 * Parses a change.  It can only name the nine bits rwxrwxrwx.  Without u, g or o it
 * applies to all, whatever the umask is.  Returns NULL with the cause if it is invalid;
 * else the caller owns the result and passes it to free(3).
 */
struct mode_change *mode_parse(const char *text, struct buf *cause);

/* Applies a change to a mode of nine bits and returns the new mode. */
unsigned mode_apply(const struct mode_change *change, unsigned mode);

#endif
