/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include <argp.h>
#include <stdbool.h>

#include "kind/ref.h"

/* An object that the user names. */
struct operand {
	struct ref ref;
	char *text; /* as typed, for messages */
};

/* The objects that a command works on. */
struct opt_operands {
	bool takes_types; /* set before parsing: a TYPE is valid and means all its
			   * objects */
	bool (*fits)(const struct kind *kind); /* set before parsing: the kinds that are
						* valid; NULL for all */
	bool needs_names; /* set before parsing: a reference to an object that has no name
			   * any more is an error */
	bool takes_many; /* set before parsing: several operands are valid, and - for
			  * standard input */
	bool acts; /* set before parsing: the command removes or changes objects */

	struct operand *list;
	size_t count;
	kinds_t types;
	bool from_stdin; /* - was given, so an empty list means that there is nothing
			  * to do */

	/* Of a command that acts, the operands from standard input whose namespace could
	 * be another one by now, in their order: only that of --ipc-ns is accepted. */
	struct doubt {
		size_t operand;
		unsigned long line;
	} * doubts;
	size_t doubts_count;
};

/*
 * The operands [TYPE|REF|-]... and the options of ipcrm that name objects, such as -m ID
 * and -M KEY.  The input is a struct opt_operands.  All operands, with those on standard
 * input, are read before parsing ends.  An invalid operand ends the program before any
 * object is changed.
 */
extern const struct argp opt_operands_argp;

/* The kind whose objects a letter of these options names. */
const struct kind *opt_operands_kind(int letter);

/* Parses one operand. */
void opt_operands_add(
	struct opt_operands *opt, const char *text, const struct argp_state *state);

/* Ends the program with an error if no object was named.  The message includes other,
 * which may be NULL, as the alternative. */
void opt_operands_require(const struct opt_operands *opt, const char *otherwise,
	const struct argp_state *state);

/* If no object was named, adds all types that a command without a TYPE includes. */
void opt_operands_default(struct opt_operands *opt);

/* The kinds of all operands. */
kinds_t opt_operands_kinds(const struct opt_operands *opt);

void opt_operands_free(struct opt_operands *opt);

#endif
