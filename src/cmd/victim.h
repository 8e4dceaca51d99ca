/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_VICTIM_H
#define CMD_VICTIM_H

#include "process/in-use.h"

/* The result for an object that was to be removed. */
enum result {
	RESULT_REMOVED,
	RESULT_MARKED, /* the kernel removes it after its last user */
	RESULT_REFUSED,
	RESULT_MISSING,
	RESULT_FAILED,
	RESULT_KEPT, /* the answer was no, or it was used meanwhile */
};

/* An object to remove, as it was when last read. */
struct victim {
	char *text; /* as typed by the user; NULL if selected by type and conditions */
	bool by_conditions; /* conditions selected it, among a type or among references */
	struct object object;
	struct label *label; /* of the object; owned */
	uint32_t *pids; /* the last processes of its semaphores, or NULL */
	char *why; /* why it was selected, as text; may be empty */
	bool refused; /* it will not be removed */
	bool has_knowers; /* why tells which processes may know it */
	bool told; /* the user was told that */
	enum result outcome; /* why it is refused, unless it is in use */
	char *refusal; /* the text of that, printed after the removals; or NULL */
	enum in_use in_use; /* IN_USE_NO if it was not checked */
	enum cause cause;
	char *reason; /* why it is, or may be, in use; or NULL */
	size_t uses; /* processes that the reason names */
	const char *joint; /* before it, after "in use" */
	bool rests; /* its removal depends on the scan of the processes */
	size_t unexamined; /* processes that may not be examined */
};

/* Stores the answer of in_use_find(), and takes ownership of its reason. */
void victim_set_use(struct victim *v, struct in_use_answer *a);

/* Reads facts that are not in the object itself: the last processes of its semaphores,
 * for victim_differs().  0, or -1 with errno. */
int victim_read_pids(struct victim *v);

/* Whether an object that was read again has been used meanwhile, by its times, last
 * processes, attachments, messages or waiters.  1, 0, or -1 with errno if its semaphores
 * cannot be read. */
int victim_differs(const struct victim *v, const struct object *now);

void victim_free(struct victim *v);

#endif
