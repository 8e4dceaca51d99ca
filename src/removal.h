/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REMOVAL_H
#define REMOVAL_H

#include "cmd.h"
#include "opt-operands.h"
#include "opt-select.h"

/* What rm was told. */
struct removal_options {
	struct opt_operands operands;
	struct opt_select select;
	bool all;
	bool force;
	bool dry_run;
	bool yes;
	bool verbose;
	bool ignore_missing;
};

/*
 * Removes what the operands name and the conditions choose, after asking where that is due,
 * and looks at every object again directly before.  Says what is refused and why.
 */
enum status removal_run(const struct removal_options *opt);

#endif
