/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <argp.h>

#include "cli/fields.h"

/* The result of parsing the output options. */
struct opt_output {
	/* Set before parsing: */
	bool stat; /* use the fields of stat, and a block for each object */
	const struct field_set *set; /* the fields that can be printed; NULL for those
				      * of objects */
	const struct field *key; /* the field that objects are grouped by, or NULL */
	const struct writer *also; /* an additional format of this command, or NULL */

	bool names_namespaces; /* Set before opt_output_choose(): the fields that tell the
				* namespace are default fields for programs. */

	/* Set by the options: */
	const char *output; /* argument of -o, or NULL */
	const char *sort; /* argument of --sort, or NULL */
	bool list_fields;
	enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
	const char *table_only; /* an option that was given and is valid only for
				 * tables, or NULL */

	struct layout layout; /* completed by opt_output_choose() */
};

/* The option group; its input is a struct opt_output. */
extern const struct argp opt_output_argp;

/* Whether objects can be grouped by a field of this name, in either case.  If so, the
 * output is one of groups, with their fields. */
bool opt_output_group(struct opt_output *opt, const char *name);

/* Format i of the command; NULL after the last one. */
const struct writer *opt_output_format(const struct opt_output *opt, size_t i);

/* Calls take() for each field of a format, or for each sort key. */
void opt_output_offer(const struct opt_output *opt, const struct writer *writer,
	bool to_sort, void (*take)(void *arg, const struct field *f), void *arg);

/* Chooses the fields to print for these kinds: the requested or the default ones.  Ends
 * the program if a field does not exist or options conflict. */
void opt_output_choose(
	struct opt_output *opt, kinds_t kinds_wanted, const struct argp_state *state);

/* Prints all fields for --list-fields. */
void opt_output_list_fields(const struct opt_output *opt);

void opt_output_free(struct opt_output *opt);

#endif
