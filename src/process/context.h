/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_CONTEXT_H
#define PROCESS_CONTEXT_H

#include "process/clocks.h"

/* What holds for all objects during one look at them: the place that it is taken from. */
struct context {
	bool alone; /* the user says that no process outside our PID namespace uses
		     * them */
	time_t now;
	bool has_grace; /* the user gave a grace time: */
	uint64_t grace; /* seconds */
	bool confirms; /* a yes is confirmed by a second scan */

	/* By context_start(): */
	struct clocks clocks;
	bool sees_all; /* ours is the initial PID namespace, which sees every process */
	bool proc_is_ours; /* /proc shows our PID namespace; else its numbers are those of
	                    * other processes */
};

/* Finds out the second part, and the time. */
void context_start(struct context *c);

/* Whether processes that cannot be seen may use our objects. */
static inline bool
context_is_partial(const struct context *c)
{
	return !c->sees_all && !c->alone;
}

#endif
