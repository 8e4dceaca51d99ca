/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_STUCK_H
#define WAITS_STUCK_H

#include "waits/world.h"

/*
 * Which threads can never go on by themselves: the largest set of threads of which none
 * may go on.  A thread may go on if one of its releasers may.  The time is linear in
 * threads, processes and releasers.
 */

/* Which evidence counts. */
enum certainty {
	LIKELY, /* all of it */
	CERTAIN, /* What the kernel tells.  What cannot be known, such as a process that
		  * could not be examined, lets threads go on. */
};

/* Returns an array with whether each thread is in the set; the caller owns it. */
bool *stuck_find(const struct world *w, enum certainty certainty);

/* Whether a thread may go on whatever the others do. */
bool stuck_is_free(const struct world *w, const struct thread *t);

/* Whether all threads of a process are stopped or frozen, so that it runs no handler. */
bool stuck_is_halted(const struct world *w, const struct process *p);

#endif
