/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_TERMINAL_H
#define OUTPUT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The number of columns of the terminal on standard output: the environment variable
 * COLUMNS if it is set, else the width of the terminal.  0 if standard output is not a
 * terminal, or if the width is not known.
 */
size_t terminal_width(void);

/* Whether standard output is a terminal. */
bool terminal_is_output(void);

/* Whether standard output is a terminal with colours, and the user has not disabled them
 * (NO_COLOR, https://no-color.org). */
bool terminal_has_color(void);

#endif
