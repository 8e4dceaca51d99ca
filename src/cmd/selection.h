/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_SELECTION_H
#define CMD_SELECTION_H

#include "cli/operands.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "kind/source.h"
#include "process/derive.h"
#include "report/summary.h"

/* Which objects a command asks for, and what it must know of them. */
struct request {
	const struct opt_operands *operands;
	const struct opt_select *select; /* NULL if the command has no such options */
	const struct exclusions *keep; /* never chosen by conditions; or NULL */
	struct source_options source;
	facts_t wanted; /* of each object */
	facts_t firm; /* those of which it is told why they could not be read */
	unsigned scan; /* what the caller itself needs of the scan: SCAN_... */
	bool confirms; /* a second scan confirms that an object is stale */
	bool missing_is_fine; /* no message about an object that does not exist */
	bool tells_unchosen; /* a message about an object that is named, but not chosen */
};

/* What came of it. */
struct outcome {
	bool unjudged; /* it is unknown whether some object is stale, which was asked */
	size_t undecided; /* objects of which it is unknown whether they are chosen */
	size_t kept; /* objects that the conditions chose, but keep excludes */
	size_t stale; /* objects that --stale found */
	struct summary summary; /* of the candidates of --stale that are not */
	struct buf unread; /* why facts could not be read */
};

struct selection {
	const struct request *request; /* it must stay */

	/* By selection_start(): */
	facts_t wanted; /* of each object, for the request and for the conditions */
	bool has_conditions;
	struct derive derive;

	/* By selection_run(): */
	struct outcome outcome;
	struct semaphore **sets; /* what objects point to until selection_end() */
	size_t sets_count;
};

/* What is done with the objects that are found.  text is the name of an object as it was
 * typed, valid during the call, or NULL if its type was typed. */
struct receiver {
	void (*object)(void *arg, const char *text, struct object *o);
	void (*missing)(void *arg, const char *text); /* or NULL */
	void *arg;
};

/* Prepares to find what the request asks for. */
void selection_start(struct selection *s, const struct request *request);

/*
 * Gives the receiver each object that the operands name and the conditions choose: the
 * types first, in their order, then the references as they were named, each object once.
 * Says which objects do not exist and what could not be read; returns the status that
 * this makes.
 */
enum status selection_run(struct selection *s, const struct receiver *receiver);

/* Says why values could not be read, and how many; then, if that matters, how many
 * processes could not be examined and how many objects could not be judged. */
void selection_tell(struct selection *s, size_t unread);

/* Says why no candidate of --stale is stale, if there are candidates. */
void selection_tell_summary(const struct selection *s);

/* Whether an object that was read again is chosen now; finds out what is wanted of it.
 * named: it was named by reference. */
bool selection_chooses(struct selection *s, struct object *o, bool named);

/* Scans the processes anew from now on. */
void selection_scan_again(struct selection *s);

void selection_end(struct selection *s);

#endif
