/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OPT_SELECT_H
#define OPT_SELECT_H

#include <argp.h>

#include "selector.h"

/* The options that choose among objects, which list, stat and rm share. */
struct opt_select {
	const char *named; /* a user or group that was given by name, or NULL */

	struct selector selector;
	uint64_t grace; /* seconds */
};

/* The option group; its input is a struct opt_select of zeros. */
extern const struct argp opt_select_argp;

void opt_select_free(struct opt_select *opt);

#endif
