/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DERIVE_H
#define DERIVE_H

#include "object.h"
#include "scan.h"

/*
 * What is not told by the object itself, but found out by looking at semaphores and at
 * processes: FACTS_DERIVED without FACT(SEMAPHORES).
 */
struct look {
	facts_t wanted; /* of those */
	facts_t also; /* others that somebody asks the walk for */
	unsigned kinds; /* that will be asked about, bits by the place in kinds[] */
	time_t now;
	uint64_t grace; /* seconds before an object can be stale; LOOK_GRACE unless told
	                 * otherwise */
	const uint32_t *pids; /* for FACT(TOUCHED) */
	size_t pids_count;
	struct scan *walk; /* made by look_start() */
};

enum { LOOK_GRACE = 60 };

/* Prepares for looking; the walk over the processes begins when it is first needed. */
void look_start(struct look *l);

/* Finds out what is wanted about an object that the kernel's facts are known of. */
void look_at(struct look *l, struct object *o);

/* How often the processes found use an object: of a segment, the attachments accounted for. */
uint64_t look_found(const struct object *o);

/* How many processes could not be looked at, if there has been a walk. */
size_t look_hidden(const struct look *l);

/* Why nobody knows how many more there are, or NULL. */
const char *look_blind(const struct look *l);

/* Why an object may have users beside those found, or what to do about it. */
const char *look_why(const struct look *l);

void look_end(struct look *l);

/* The facts of the object itself that must be read for these derived ones. */
facts_t look_needs(facts_t derived);

#endif
