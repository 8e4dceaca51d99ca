/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_CONTEXT_H
#define PROCESS_CONTEXT_H

#include "process/clocks.h"

/* The circumstances of one scan, which are the same for all objects. */
struct context {
	bool alone; /* the user declares that no process outside our PID namespace uses
		     * the objects */
	time_t now;
	bool has_grace; /* the user gave a grace time */
	uint64_t grace; /* that grace time, in seconds */
	bool searches; /* processes are searched for what the kernel does not tell */
	bool patient; /* the kernel is asked again whether an object is in use */
	bool confirms; /* a yes is confirmed by a second scan */

	/* Set by context_start(): */
	struct clocks clocks;
	bool sees_all; /* ours is the initial PID namespace, where all processes are
			* visible */
	bool proc_is_ours; /* /proc shows our PID namespace; else its pids are those of
			    * other processes */
};

/* Sets the second part, and the time. */
void context_start(struct context *c);

/* Whether processes that are not visible to us may use the objects. */
static inline bool
context_is_partial(const struct context *c)
{
	return !c->sees_all && !c->alone;
}

#endif
