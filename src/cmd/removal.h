/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_H
#define CMD_REMOVAL_H

#include "cli/operands.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "output/writer.h"

/* The options of rm. */
struct removal_options {
	struct opt_operands operands;
	struct opt_select select;
	bool all;
	bool force;
	bool dry_run;
	bool yes;
	bool verbose;
	bool ignore_missing;
	bool no_keep; /* ignore the file of objects to keep */
	bool has_max;
	uint64_t max; /* maximum number of objects that conditions select */
	const struct writer *writer; /* for the results; NULL for messages */
};

/*
 * Removes the objects that the operands name and the conditions select.  Before that it
 * asks, if necessary, and scans the processes again if the selection depends on them.
 * Each object is read again directly before its removal.  Says which objects are refused,
 * and why.
 */
enum status removal_run(struct removal_options *opt);

#endif
