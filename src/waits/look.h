/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_LOOK_H
#define WAITS_LOOK_H

#include "waits/descriptors.h"
#include "waits/finding.h"
#include "waits/world.h"

/* Everything that was found. */
struct look {
	struct world world;
	struct findings findings;
	struct descriptors *descriptors;
};

/*
 * Looks at all threads, and, at least so many nanoseconds later, again at those that are
 * blocked: a thread that has run in between was not stuck.  alone tells that no process
 * outside our PID namespace takes part.  0, or -1 with errno if /proc cannot be read or
 * no process at all may be examined.  look_free() releases the result.
 */
int look_at_all(struct look *l, uint64_t interval, bool alone);
void look_free(struct look *l);

/* Whether a thread is blocked: it waits for a lock, for space or for a partner, it is
 * in no finding and not behind one, and it did not run between the looks. */
bool look_is_blocked(const struct look *l, size_t thread);

/* Whether a thread waits for what is normal: for data, a child or an event. */
bool look_is_idle(const struct look *l, size_t thread);

#endif
