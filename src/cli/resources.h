/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_RESOURCES_H
#define CLI_RESOURCES_H

#include <argp.h>

#include "kind/kind.h"
#include "kind/limit.h"

/* What a command line says about a resource, which is one of the limits of a kind. */
struct opt_resource {
	bool wanted;
	bool warns;
	uint64_t percent; /* usage from which --warn warns */
};

/* The resources that a command line names; a new one is all zeros. */
struct opt_resources {
	struct opt_resource (*of)[LIMITS_MAX]; /* by the indexes in kinds[] and in the
						* limits of the kind */
	kinds_t types; /* types with all their resources */
	kinds_t kinds; /* types with some of their resources */
};

/* Adds an operand: a type, or the name of a resource in either case. */
void opt_resources_add(
	struct opt_resources *r, const char *text, const struct argp_state *state);

/* Adds the argument of --warn: PERCENT for every resource, or RESOURCE=PERCENT.  The
 * last one for a resource counts. */
void opt_resources_warn(
	struct opt_resources *r, const char *arg, const struct argp_state *state);

/* If there was no operand, adds all resources of the default types. */
void opt_resources_default(struct opt_resources *r);

/* The entry of a resource of a kind, by its index in the limits. */
const struct opt_resource *opt_resources_of(
	const struct opt_resources *r, const struct kind *kind, size_t place);

void opt_resources_free(struct opt_resources *r);

#endif
