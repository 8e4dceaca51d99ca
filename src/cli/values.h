/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

/* The values that --value=... sets for the semaphores of a set. */
struct opt_values {
	struct opt_value {
		unsigned first, last; /* numbers of semaphores; 0 and OPT_VALUES_ALL
				       * for all */
		unsigned value;
	} * list;
	size_t count;
};

#define OPT_VALUES_ALL UINT32_MAX /* above the number of any semaphore */

/* Parses V, N=V or N-M=V. */
void opt_values_add(
	struct opt_values *opt, const char *text, const struct argp_state *state);

/* Whether all semaphores get one value. */
bool opt_values_are_all(const struct opt_values *opt);

/* The highest given number of a semaphore, 0 if there is none. */
unsigned opt_values_highest(const struct opt_values *opt);

#endif
