/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include <argp.h>

#include "report/layout.h"

/* Adds fields by name, separated by commas; ends the program if there is no such
 * field. */
void opt_fields_add(
	struct field_choice *c, const char *names, const struct argp_state *state);

/* Whether rows can be sorted by it. */
bool opt_fields_has_order(const struct field *f);

/*
 * Parses the fields to sort by, FIELD,-FIELD,...  Stores one key for each name, and for
 * each key whether the largest comes first.  Ends the program if a field does not exist
 * or has no order.
 */
void opt_fields_sort(struct field_choice *keys, bool **descending, const char *names,
	const struct argp_state *state);

#endif
