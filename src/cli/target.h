/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "cli/operands.h"

/* The object that an operation works on: the first operand of its command. */
struct opt_target {
	enum operation operation; /* set before parsing: for which the kinds have words */
	bool (*fits)(const struct kind *kind); /* set before parsing: whether the command
					   * takes this type */

	struct opt_operands operands; /* the object */
};

/* Whether the operand was given. */
bool opt_target_given(const struct opt_target *t);

/* Parses the operand.  A reference of a type that the command does not take is a usage
 * error. */
void opt_target_add(
	struct opt_target *t, const char *text, const struct argp_state *state);

/* Ends the program with an error if the operand was not given. */
void opt_target_require(const struct opt_target *t, const struct argp_state *state);

#endif
