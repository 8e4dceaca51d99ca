/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "cli/operands.h"

/* The one object that an operation works on: the first operand of its command. */
struct opt_target {
	bool (*fits)(
		const struct kind *kind); /* set before parsing: which types it takes */

	struct opt_operands operands; /* the one */
};

/* Whether it has been given. */
bool opt_target_given(const struct opt_target *t);

/* Reads the operand; a reference of another type than the command's is a wrong usage. */
void opt_target_add(
	struct opt_target *t, const char *text, const struct argp_state *state);

/* Ends parsing with an error when it was not given. */
void opt_target_require(const struct opt_target *t, const struct argp_state *state);

#endif
