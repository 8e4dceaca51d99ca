/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_HABITS_H
#define CLI_HABITS_H

#include <stddef.h>

/*
 * Commands and options of ipcs(1), ipcrm(1), ipcmk(1) and lsipc(1), and their
 * equivalents.  Each function returns the second half of a message, such as "to show
 * limits, use ipctool limits", or NULL.  The caller asks only for words that ipctool does
 * not have.
 */

/* A command, as in "ipctool ipcs", in either case. */
const char *habit_command(const char *word);

/* A letter of an option of a command; "" is ipctool itself. */
const char *habit_letter(const char *command, char letter);

/* The name of a long option, of which there are len characters. */
const char *habit_option(const char *command, const char *name, size_t len);

#endif
