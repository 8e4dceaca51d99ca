/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include <argp.h>
#include <stdbool.h>

#include "kind/ref.h"

/* An object that the user named. */
struct operand {
	struct ref ref;
	char *text; /* as it was typed, for messages */
};

/* What a command is to work on. */
struct opt_operands {
	bool takes_types; /* set before parsing: a TYPE may stand for all its objects */
	bool (*fits)(const struct kind *kind); /* set before parsing: which types can be
						* meant; NULL for all */
	bool takes_many; /* set before parsing: more than one, and - for standard input */

	struct operand *list;
	size_t count;
	kinds_t types;
	bool from_stdin; /* - was among them, so that none at all is nothing to do */
};

/*
 * The operands [TYPE|REF|-]... and the options of ipcrm that name objects, -m ID, -M KEY
 * and so on; the input is a struct opt_operands.  All of them are read, standard input
 * included, before parsing ends, and one that is wrong ends the program: nothing has been
 * touched then.
 */
extern const struct argp opt_operands_argp;

/* Reads one operand. */
void opt_operands_add(
	struct opt_operands *opt, const char *text, const struct argp_state *state);

/* Ends parsing with an error when nothing was named; what else there could be is said,
 * unless it is NULL. */
void opt_operands_require(const struct opt_operands *opt, const char *otherwise,
	const struct argp_state *state);

/* Takes all types that a command means without a TYPE when nothing is named. */
void opt_operands_default(struct opt_operands *opt);

/* The kinds of all that is named. */
kinds_t opt_operands_kinds(const struct opt_operands *opt);

void opt_operands_free(struct opt_operands *opt);

#endif
