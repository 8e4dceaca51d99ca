/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SELECT_H
#define CLI_SELECT_H

#include <argp.h>

#include "cli/operands.h"
#include "report/exclude.h"
#include "report/selector.h"

/* The options that select objects, shared by list, stat and rm. */
struct opt_select {
	const char *named; /* a user or group that was given by name, or NULL */

	struct selector selector;
	struct exclusions except; /* never selected */
	bool has_grace;
	uint64_t grace; /* seconds */
	bool alone; /* no process outside our PID namespace uses the objects */
};

/* The option group; its input is a struct opt_select of zeros. */
extern const struct argp opt_select_argp;

/* Adds the argument of --except, which commands without the option group also have.  Ends
 * the program if it is invalid. */
void opt_except_add(
	struct exclusions *e, const char *arg, const struct argp_state *state);

/*
 * For a command that works on the objects of a type only if a condition or --all chooses
 * them: checks that, and stands for all types if none is named.  Ends the program with a
 * message if nothing is named or chosen.
 */
void opt_select_require(const struct opt_select *opt, struct opt_operands *operands,
	bool all, const struct argp_state *state);

/* Ends the program with a message if a condition needs objects with names, and no type
 * has any.  For after the last operand. */
void opt_select_check(const struct opt_select *opt, const struct opt_operands *operands,
	const struct argp_state *state);

void opt_select_free(struct opt_select *opt);

#endif
