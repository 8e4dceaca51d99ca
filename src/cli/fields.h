/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_FIELDS_H
#define CLI_FIELDS_H

#include <argp.h>

#include "report/layout.h"

/* Adds fields by their names, separated by commas; ends parsing where there is no such
 * field. */
void opt_fields_add(
	struct field_choice *c, const char *names, const struct argp_state *state);

/*
 * The fields to sort by, of FIELD,-FIELD,...: one for each name, and of each whether the
 * largest comes first.  Ends parsing where there is no such field, or none with an order.
 */
void opt_fields_sort(struct field_choice *keys, bool **descending, const char *names,
	const struct argp_state *state);

#endif
