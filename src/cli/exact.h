/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_EXACT_H
#define CLI_EXACT_H

#include <argp.h>
#include <stdbool.h>

#include "lib/buf.h"

/*
 * Finds long options that are not exactly those of argp and its children, or --help,
 * --usage and --version, which argp adds.  getopt_long(3) accepts unambiguous prefixes of
 * names, so a new option could change the meaning of a command line.
 *
 * The words are parsed as in getopt_long(3), with options and operands in any order.
 * Arguments of options are skipped, and so are all words after "--"; with to_operand also
 * all words from the first operand on.  argv[0] is "ipctool" or "ipctool COMMAND".
 *
 * Options of ipcs(1) and its relatives that this command does not have, or not in this
 * form (habits.h), are found on the same walk.  What else is wrong is left to argp:
 * letters that are unknown everywhere, at which the search ends, and arguments that are
 * missing or not allowed.
 *
 * Returns 0, or one of these with the message for the first such word appended to why.
 */
enum {
	EXACT_UNKNOWN = -1, /* nothing has this option */
	EXACT_HABIT = -2, /* the message tells how ipctool does it */
};

int opt_exact(const struct argp *argp, int argc, char *const *argv, bool to_operand,
	struct buf *why);

#endif
