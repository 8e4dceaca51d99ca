/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_VICTIM_H
#define CMD_VICTIM_H

#include "process/in-use.h"

/* What became of an object that was to be removed. */
enum result {
	RESULT_REMOVED,
	RESULT_MARKED, /* it goes with its last user */
	RESULT_REFUSED,
	RESULT_MISSING,
	RESULT_FAILED,
	RESULT_KEPT, /* the answer was no, or it was used meanwhile */
};

/* An object that is to be removed, as it was at the last look. */
struct victim {
	char *text; /* as the user named it; NULL when its type and conditions chose it */
	bool by_conditions; /* conditions chose it, or narrowed the references */
	struct object object;
	uint32_t *pids; /* the last processes of its semaphores, or NULL */
	char *why; /* why it was chosen, in words; may be empty */
	bool refused; /* it stays */
	bool told; /* that it stays has been said */
	enum result outcome; /* why it stays, unless it is in use: in words ... */
	char *refusal; /* ... that are said after the removals; or NULL */
	enum in_use in_use; /* as it was found, or IN_USE_NO where that was not asked */
	enum cause cause;
	char *reason; /* why it is, or may be, in use; or NULL */
	bool rests; /* that it is to be removed rests on the scan over the processes */
	size_t unexamined; /* processes that may not be examined */
};

/* Notes what in_use_find() found; takes over the reason. */
void victim_set_use(struct victim *v, struct in_use_answer *a);

/* Reads what the object itself does not hold: the last processes of its semaphores, so
 * that victim_differs() can compare them.  0, or -1 with errno. */
int victim_read_pids(struct victim *v);

/* Whether an object that was read again was used since the last look: by its times, last
 * processes, attachments, messages or waiters. */
bool victim_differs(const struct victim *v, const struct object *now);

void victim_free(struct victim *v);

#endif
