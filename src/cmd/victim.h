/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_VICTIM_H
#define CMD_VICTIM_H

#include "kind/kept.h"
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

/* An object to remove.  There may be many, so what most lack is allocated. */
struct victim {
	const char *text; /* as typed by the user, not owned; NULL if selected by type and
			   * conditions */
	struct kept *kept; /* the object, as it was when last read */
	struct object *object; /* the same between victim_open() and victim_close() */
	uint32_t *pids; /* the last processes of its semaphores, or NULL */
	char *why; /* why it was selected, as text; NULL if it was named */
	char *refusal; /* the text of the outcome, printed after the removals; or NULL */
	const struct in_use_answer *use; /* how it is, or may be, in use; not owned; NULL
					  * if there is nothing to tell */
	enum in_use in_use : 8; /* IN_USE_NO if it was not checked */
	enum result outcome : 8; /* why it is refused, unless it is in use */
	bool by_conditions : 1; /* conditions selected it, among a type or references */
	bool refused : 1; /* it will not be removed */
	bool has_knowers : 1; /* why tells which processes may know it */
	bool told : 1; /* the user was told that */
	bool is_untold : 1; /* it has been removed, and the user was not told */
	bool rests : 1; /* its removal depends on the scan of the processes */
};

/* Restores the object, and stores it in *o for the functions that look at it. */
void victim_open(struct victim *v, struct object *o);

void victim_close(struct victim *v);

/* The same, and keeps the object as it is now. */
void victim_keep(struct victim *v);

/* Reads facts that are not in the object itself: the last processes of its semaphores,
 * for victim_differs().  0, or -1 with errno. */
int victim_read_pids(struct victim *v);

/* Whether an object that was read again has been used meanwhile, by its times, last
 * processes, attachments, messages or waiters.  1, 0, or -1 with errno if its semaphores
 * cannot be read. */
int victim_differs(
	const struct victim *v, const struct object *then, const struct object *now);

void victim_free(struct victim *v);

#endif
