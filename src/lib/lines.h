/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_LINES_H
#define LIB_LINES_H

#include <stdio.h>

#include "lib/buf.h"

/* Takes a line without the blanks around it, which is never empty.  0 to go on, or -1
 * with the cause. */
typedef int lines_fn(void *arg, const char *text, struct buf *cause);

/*
 * Calls take for each line of a file that is not empty, up to its end.  0; -1 with the
 * cause, "line 3: " and that of take, or that the line has a NUL byte; or -2 with errno
 * when the rest could not be read.
 */
int lines_read(FILE *file, lines_fn *take, void *arg, struct buf *cause);

#endif
