/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

struct kind;

/* The values that --value=... sets for the semaphores of a set, or for one semaphore. */
struct opt_values {
	struct opt_value {
		const char *text; /* as typed */
		bool is_valid; /* it has one of the forms; else the rest is undefined */
		unsigned first, last; /* numbers of semaphores; 0 and OPT_VALUES_ALL
				       * for all */
		uint64_t value; /* UINT64_MAX if it is too large for any kind */
	} * list;
	size_t count;
};

#define OPT_VALUES_ALL UINT32_MAX /* above the number of any semaphore */

/* Parses V, N=V or N-M=V. */
void opt_values_add(
	struct opt_values *opt, const char *text, const struct argp_state *state);

/* Ends the program with a message if the semaphores of a kind cannot have these values;
 * operand is what named it.  If kind is NULL, no object is named, and only the form
 * counts. */
void opt_values_check(const struct opt_values *opt, const struct kind *kind,
	const char *operand, const struct argp_state *state);

/* Whether all semaphores get one value. */
bool opt_values_are_all(const struct opt_values *opt);

/* The highest given number of a semaphore, 0 if there is none. */
unsigned opt_values_highest(const struct opt_values *opt);

#endif
