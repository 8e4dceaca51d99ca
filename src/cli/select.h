/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SELECT_H
#define CLI_SELECT_H

#include <argp.h>

#include "report/exclude.h"
#include "report/selector.h"

/* The options that select objects, shared by list, stat and rm. */
struct opt_select {
	const char *named; /* a user or group that was given by name, or NULL */

	struct selector selector;
	struct exclusions except; /* never selected */
	bool has_grace;
	uint64_t grace; /* seconds */
	bool alone; /* no process outside our PID namespace uses the objects */
};

/* The option group; its input is a struct opt_select of zeros. */
extern const struct argp opt_select_argp;

/* Adds the argument of --except, which commands without the option group also have.  Ends
 * the program if it is invalid. */
void opt_except_add(
	struct exclusions *e, const char *arg, const struct argp_state *state);

void opt_select_free(struct opt_select *opt);

#endif
