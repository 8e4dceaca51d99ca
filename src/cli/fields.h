/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include <argp.h>

#include "report/field.h"

/* Fields that a command can print. */
struct field_set {
	const struct field *(*at)(
		size_t i); /* in the order of a full listing, then NULL */
	const char *names; /* of those that people see by default */
};

/* Those of objects; the names are for more than one kind. */
extern const struct field_set fields_of_objects;

/* Some fields of a set, in the order in which they are to be printed, each once. */
struct field_choice {
	const struct field_set *set; /* set before use, as the next one */
	unsigned without; /* flags of those that there are not in this output */

	const struct field **list;
	size_t count;
};

/* Adds fields by their names, separated by commas; ends parsing where there is no such
 * field. */
void opt_fields_add(
	struct field_choice *c, const char *names, const struct argp_state *state);

/* Adds all that have one of these facts and none of these flags. */
void opt_fields_add_all(struct field_choice *c, facts_t facts, unsigned without);

/*
 * The fields to sort by, of FIELD,-FIELD,...: one for each name, and of each whether the
 * largest comes first.  Ends parsing where there is no such field, or none with an order.
 */
void opt_fields_sort(struct field_choice *keys, bool **descending, const char *names,
	const struct argp_state *state);

/*
 * How soon each of the first so many columns gives way when a table is too wide, in the
 * form of gives_way in struct out; the others stay.  The array belongs to the caller.
 */
unsigned char *opt_fields_give_way(const struct field_choice *c, size_t count);

#endif
