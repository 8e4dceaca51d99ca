/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OPT_OUTPUT_H
#define OPT_OUTPUT_H

#include <argp.h>

#include "field.h"
#include "writer.h"

/* What the options that say how objects are printed came to. */
struct opt_output {
	bool stat; /* set before parsing: the fields of stat, and a block an object */

	const struct writer *writer;
	const char *fields; /* of -o as it was typed, or NULL */
	bool no_headings;
	bool list_fields;
};

/* The option group; its input is a struct opt_output. */
extern const struct argp opt_output_argp;

/*
 * The fields to print for these kinds (a set of bits by their place in kinds[]): those
 * that were asked for or the default ones.  Returns how many; the array belongs to the
 * caller.  A field that there is not is a wrong usage.
 */
size_t opt_output_fields(const struct opt_output *opt, unsigned kinds_wanted,
	const struct argp_state *state, const struct field ***chosen);

/* Prints all fields for --list-fields. */
void opt_output_list_fields(const struct opt_output *opt);

#endif
