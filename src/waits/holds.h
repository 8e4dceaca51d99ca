/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_HOLDS_H
#define WAITS_HOLDS_H

#include "waits/descriptors.h"
#include "waits/world.h"

/* Something that a process holds, and that others may wait for. */
struct hold {
	char *ref;
	char *what; /* "flock, fd 5" */
	enum need need; /* of a thread that waits for it; NEED_EVENT if none can */
};

struct holds {
	struct hold *list;
	size_t count;
	char *unread; /* why there may be more: "cannot read '/proc': ...", or NULL */
};

/* Finds what a process holds: attached segments, semaphores that it changed last, file
 * locks, ends of pipes and FIFOs, POSIX queues.  holds_free() releases the result. */
struct holds holds_find(const struct world *w, struct descriptors *d, size_t process);
void holds_free(struct holds *h);

/* Whether a thread waits for a hold of a process. */
bool hold_is_awaited(const struct world *w, const struct hold *h, size_t process,
	const struct thread *t);

#endif
