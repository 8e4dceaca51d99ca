/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_JUDGE_H
#define CMD_REMOVAL_JUDGE_H

#include "cmd/removal-report.h"
#include "cmd/removal.h"
#include "cmd/selection.h"
#include "cmd/victim.h"

/*
 * Decides which of the objects that rm was given in an IPC namespace, or that conditions
 * selected there, may be removed.  It looks at each of them up to three times: before the
 * question, after the question if the decision depends on the scan of the processes, and
 * directly before the removal.  An object that stays gets victim.refused.  Each look
 * needs ipctool to be in the namespace.
 */
struct judge {
	const struct removal_options *opt;
	struct report *report; /* that of the whole command */
	struct request request;
	struct selection selection;
	struct in_use_caller caller;
	struct victim *victims;
	size_t count;
	uint64_t scan_began; /* the first scan, in nanoseconds of CLOCK_MONOTONIC; 0 if
			      * there was none */
	bool asked; /* the user has answered a question */
	struct in_use_answer **answers; /* of victims; many share one */
	size_t answers_count;
};

/* Releases the victims and the answers. */
void judge_free(struct judge *j);

/* Whether an object is already marked for removal. */
bool judge_is_marked(const struct object *o);

/* Refuses the objects that the caller may not remove or that are in use.  Notes what
 * judge_last_look() compares, and releases the scan of the processes.  Returns the
 * status. */
enum status judge_first_look(struct judge *j);

/* Whether the removal of an object depends on a second look. */
bool judge_looks_twice(const struct judge *j);

/*
 * Scans the processes again before objects are removed on the evidence of the first scan:
 * a service may have had no process for a moment, or may have started while the user read
 * the question.  Returns the status.
 */
enum status judge_second_look(struct judge *j);

/* Reads an object again directly before its removal, because removing an object that has
 * changed since it was selected would do harm.  Returns the status. */
enum status judge_last_look(struct judge *j, struct victim *v);

/* Reports that an object is gone; returns the status. */
enum status judge_gone(struct judge *j, const char *name, const struct object *o);

#endif
