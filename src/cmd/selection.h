/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_SELECTION_H
#define CMD_SELECTION_H

#include "cli/operands.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "cmd/undetermined.h"
#include "kind/source.h"
#include "process/derive.h"
#include "report/summary.h"

/* The outcome of requests: what their command tells once, although it makes one in each
 * of its IPC namespaces. */
struct outcome {
	bool unjudged; /* --stale was given, and for some object the answer is unknown */
	size_t undecided; /* objects that may or may not be selected */
	size_t kept; /* objects that the conditions select, but keep excludes */
	size_t stale; /* objects that --stale found */
	struct summary summary; /* of the candidates of --stale that are not stale */
	struct undetermined undetermined; /* facts about processes that are unknown */
	struct buf unread; /* why facts could not be read */
	size_t hidden; /* processes that could not be examined, if that matters */
	struct buf incomplete; /* why these are not all, or empty */
	struct buf reused; /* what --pid names now, if objects of a former process were
			    * found */
};

/* The objects that a command asks for, and the facts that it needs. */
struct request {
	const struct opt_operands *operands;
	const struct opt_select *select; /* NULL if the command has no such options */
	const struct exclusions *keep; /* never selected by conditions; or NULL */
	struct source_options source;
	facts_t wanted; /* facts of each object */
	facts_t firm; /* facts for which a message tells why they could not be read */
	unsigned scan; /* what the caller needs from the scan: SCAN_... */
	bool confirms; /* a second scan confirms that an object is stale */
	bool acts; /* the objects are to be changed or removed */
	bool missing_is_fine; /* no message about an object that does not exist */
	bool tells_unchosen; /* print a message about an object that is named but not
			      * selected */
	struct outcome *outcome; /* where the outcome is noted */
};

struct selection {
	const struct request *request; /* must stay valid */
	struct source_options source; /* that of the request, completed */
	struct source_shared shared; /* by the sources */

	/* Set by selection_start(): */
	facts_t wanted; /* facts of each object, for the request and for the conditions */
	bool has_conditions;
	struct derive derive;

	/* Set by selection_run(): */
	struct semaphore **sets; /* referenced by objects until selection_end() */
	size_t sets_count;
};

/* Receives the objects that are found, which are valid during the call.  text is the name
 * of an object as typed, valid as long as the operands, or NULL if its type was given. */
struct receiver {
	void (*object)(void *arg, const char *text, struct object *o);
	void (*missing)(void *arg, const char *text); /* or NULL */
	void *arg;
};

/* Prepares to find the objects of the request. */
void selection_start(struct selection *s, const struct request *request);

/*
 * Passes each object that the operands name and the conditions select to the receiver:
 * first the types, in their order, then the references in the order given, each object
 * once.  Says which objects do not exist and what could not be read.  Returns the status
 * for that.
 */
enum status selection_run(struct selection *s, const struct receiver *receiver);

/*
 * Looks at the objects of types for the first time: whether one is stale, as far as one
 * look can tell.  If so, selection_run() need not wait for the second look as long as it
 * has taken until then.
 */
bool selection_finds_stale(struct selection *s);

/* Says why values could not be read, and how many.  Then, if that matters, says how many
 * processes could not be examined and how many objects could not be judged. */
void outcome_tell(struct outcome *outcome, size_t unread);

/* Says why no candidate of --stale is stale, if there are candidates. */
void outcome_tell_summary(const struct outcome *outcome);

void outcome_free(struct outcome *outcome);

/* Whether an object that was read again is still selected; finds the wanted facts of it.
 * named tells that it was named by reference. */
bool selection_chooses(struct selection *s, struct object *o, bool named);

/* Releases the scan of the processes; the next question needs selection_scan_again(). */
void selection_forget_scan(struct selection *s);

/* Makes further questions scan the processes again. */
void selection_scan_again(struct selection *s);

/*
 * Tells which objects of a command that acts on them, such as "remove", were passed over:
 * chosen is the number of objects that it will act on, and foreign the number of those
 * that the caller may not change.  Returns the status: STATUS_SOME if conditions name a
 * user, and all objects were foreign.
 */
enum status outcome_tell_passed_over(const struct request *request, const char *verb,
	size_t chosen, size_t foreign, bool verbose);

void selection_end(struct selection *s);

#endif
