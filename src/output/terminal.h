/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_TERMINAL_H
#define OUTPUT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How many columns the terminal has that standard output is: COLUMNS, where the
 * environment sets it, or what the terminal says.  0 where it is no terminal or none of
 * them tells.
 */
size_t terminal_width(void);

/*
 * Whether standard output is a terminal that shows colours and the user wants them
 * (NO_COLOR, https://no-color.org).
 */
bool terminal_has_color(void);

#endif
