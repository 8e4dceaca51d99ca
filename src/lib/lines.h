/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_LINES_H
#define LIB_LINES_H

#include <stdio.h>

#include "lib/buf.h"

/* Processes a line, which is not empty and has no blanks around it, and its number.  0 to
 * continue, or -1 with the cause. */
typedef int lines_fn(void *arg, const char *text, unsigned long line, struct buf *cause);

/*
 * Calls take for each line of a file that is not blank.  Returns 0; -1 with the cause,
 * which is "line 3: " and either the cause of take or that the line has a NUL byte; or -2
 * with errno if the rest could not be read.
 */
int lines_read(FILE *file, lines_fn *take, void *arg, struct buf *cause);

#endif
