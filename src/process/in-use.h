/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_IN_USE_H
#define PROCESS_IN_USE_H

#include "lib/buf.h"
#include "process/stale.h"

enum in_use {
	IN_USE_NO,
	IN_USE_YES,
	IN_USE_MAY_BE, /* that it is not could not be determined */
	IN_USE_GONE, /* a call said that the object is not there any more */
};

/* How the removal of an object was asked for. */
struct in_use_question {
	bool by_conditions; /* conditions chose it, among a type or among references */
	bool owned; /* it belongs to the caller: in_use_owns() */
	bool knows_attached; /* it was chosen because it is unattached, which is exact:
			      * who may know it does not matter */
};

struct in_use_answer {
	enum in_use in_use;
	enum cause cause; /* of all but no */
	struct buf reason; /* in words; buf_free() releases it */
	bool scanned; /* it rests on the scan over the processes */
	size_t unexamined; /* processes that may not be examined, and do not refuse */
};

/*
 * Whether an object is, or may be, in use, so that its removal is refused: a segment with
 * attachments; a set with waiters or a last process that lives; a queue on which a
 * process waits, whose last sender or receiver lives, or that holds messages and is not
 * stale.  An object that a living process may know may be in use, as the question has it.
 */
void in_use_find(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a);

/* Appends the processes that may know an object to its removal nonetheless, if there
 * are any: what a question and a dry run say of unattached segments. */
bool in_use_may_know(
	const struct evidence *e, const struct object *o, struct buf *reason);

/* How a kind answers.  An object of a kind that does not may be in use. */
struct in_use_ops {
	/* Finds out what a says; it is IN_USE_NO before. */
	void (*find)(const struct evidence *e, const struct object *o,
		const struct in_use_question *q, struct in_use_answer *a);

	/* Whether a process is known to wait on an object; NULL where none ever does. */
	bool (*is_waited)(const struct evidence *e, const struct object *o);

	unsigned uses; /* what the scan must look at to find who uses it: SCAN_... */
	unsigned waits; /* ... and for is_waited; 0 if the object itself tells */
};

/* What the scan must look at: to answer, to name who uses an object, and to find out
 * whether one waits. */
unsigned in_use_needs(const struct kind *kind);
unsigned in_use_needs_of_uses(const struct kind *kind);
unsigned in_use_needs_of_waits(const struct kind *kind);

/* Whether a process is known to wait on an object of a kind that has in_use; what may
 * not be read is not known. */
bool in_use_is_waited(const struct evidence *e, const struct object *o);

/*
 * Steps of find: refuses for what a condition of staleness says, for a process that may
 * know the object.  Whether the answer is found.
 */
bool in_use_refuse(const struct evidence *e, const struct object *o,
	const struct verdict *v, struct in_use_answer *a);
bool in_use_refuse_known(
	const struct evidence *e, const struct object *o, struct in_use_answer *a);

/* The user ids of the caller: of ipctool and of the processes above it, so that
 * sudo(8) does not change the answer. */
struct in_use_caller {
	uid_t *uids;
	size_t count;
};

/* Finds them; in_use_caller_free() releases them. */
void in_use_caller_find(const struct context *c, struct in_use_caller *caller);
void in_use_caller_free(struct in_use_caller *caller);

/* Whether an object belongs to the caller. */
bool in_use_owns(const struct in_use_caller *caller, const struct object *o);

#endif
