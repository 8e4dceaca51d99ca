/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_H
#define CMD_REMOVAL_H

#include "cli/operands.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "output/writer.h"

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
	bool no_keep; /* do not read the file of objects to be kept */
	bool has_max;
	uint64_t max; /* that conditions may choose */
	const struct writer *writer; /* of the results; NULL for words */
};

/*
 * Removes what the operands name and the conditions choose, after asking where that is
 * due and after a second look at the processes where the choice rests on them.  Each
 * object is read again directly before it is removed.  Says what is refused and why.
 */
enum status removal_run(const struct removal_options *opt);

#endif
