/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_DERIVE_H
#define PROCESS_DERIVE_H

#include "kind/object.h"
#include "process/stale.h"

/*
 * Facts that the object itself does not tell, but that are found by looking at semaphores
 * and at processes: FACTS_DERIVED without FACT(SEMAPHORES).
 */
struct derive {
	/* Set before derive_start(): */
	facts_t wanted; /* of those */
	unsigned what; /* that the caller needs of the scan beside that: SCAN_... */
	kinds_t kinds; /* that will be asked about */
	struct context context; /* its first part */
	const uint32_t *pids; /* for FACT(TOUCHED) */
	size_t pids_count;

	struct evidence evidence; /* of the first look, which serves the caller too */
	struct evidence
		second; /* of the scan that confirms; nothing until it is needed */
	struct verdict verdict; /* on the object at hand */
	struct buf reason; /* its reason in words */
	pid_t reused; /* one of pids that stands for another process than the one
		       * recorded, or 0 */
};

/* Prepares for looking; the scan over the processes begins when it is first needed. */
void derive_start(struct derive *d);

/* Finds what is wanted of an object whose other facts are known.  Its reason stays
 * valid until the next object is looked at, everything else until derive_end(). */
void derive_facts(struct derive *d, struct object *o);

/* How often the processes found use an object: of a segment, the attachments accounted
 * for. */
uint64_t derive_found(const struct object *o);

/* Why users of an object may be missing among those found, or what to do about it, in the
 * words of a message. */
const char *derive_why(const struct derive *d);

/* Whom to be, or what right to have, so that every process can be examined. */
const char *derive_advice(void);

void derive_end(struct derive *d);

/* The facts of the object itself that must be read for these derived ones. */
facts_t derive_needs(facts_t derived);

#endif
