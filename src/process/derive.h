/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_DERIVE_H
#define PROCESS_DERIVE_H

#include "kind/object.h"
#include "process/stale.h"

/* Facts that are not in the object itself but come from semaphores and processes:
 * FACTS_DERIVED without FACT(SEMAPHORES). */
struct derive {
	/* Set by the caller before derive_start(): */
	facts_t wanted; /* derived facts to find */
	unsigned what; /* what else the caller needs from the scan: SCAN_... */
	kinds_t kinds; /* the kinds of the objects */
	struct context context; /* with its first part */
	const uint32_t *pids; /* for FACT(TOUCHED) */
	size_t pids_count;

	struct evidence evidence; /* from the first scan; the caller may use it too */
	struct scan *uses; /* the scan that finds the uses of objects; its own, or that of
			    * the evidence */
	struct evidence second; /* from the scan that confirms, if there was one */
	struct verdict verdict; /* on the current object */
	struct buf reason; /* the reason of the verdict as text */
	pid_t reused; /* one of pids that now belongs to another process than the
		       * recorded one, or 0 */
};

/* Prepares the search; the scan of the processes starts when it is first needed. */
void derive_start(struct derive *d);

/* Finds the wanted facts of an object whose other facts are known.  The reason is valid
 * until the next object, everything else until derive_end(). */
void derive_facts(struct derive *d, struct object *o);

/* How often the processes found use an object.  For a segment this is the number of its
 * known attachments. */
uint64_t derive_found(const struct object *o);

/* Why users of an object may be missing, as the text of a message; what to do about
 * that. */
const char *derive_why(const struct derive *d);

/* Which user or privilege is needed so that every process can be examined. */
const char *derive_advice(void);

void derive_end(struct derive *d);

/* The facts of the object itself that these derived facts are computed from. */
facts_t derive_needs(facts_t derived);

#endif
