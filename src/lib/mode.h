/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_MODE_H
#define LIB_MODE_H

#include "lib/buf.h"

/* A change of permissions: octal, or symbolic as chmod(1) takes it. */
struct mode_change;

/*
 * Reads one.  Only the nine bits rwxrwxrwx can be named; who defaults to all, whatever
 * the umask is.  NULL with the cause when it is wrong; else it belongs to the caller, who
 * gives it to free(3).
 */
struct mode_change *mode_parse(const char *text, struct buf *cause);

/* What it makes of a mode of nine bits. */
unsigned mode_apply(const struct mode_change *change, unsigned mode);

#endif
