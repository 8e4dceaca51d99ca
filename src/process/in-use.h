/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_IN_USE_H
#define PROCESS_IN_USE_H

#include "lib/buf.h"
#include "process/stale.h"

enum in_use {
	IN_USE_NO,
	IN_USE_YES,
	IN_USE_MAY_BE, /* it could not be determined */
	IN_USE_GONE, /* a call failed because the object is gone */
};

/* The kernel's answer to whether a process uses an object, FACT_USED, for the kinds for
 * which it has one. */
enum used {
	USED_NO,
	USED_YES,
	/* It cannot be determined: */
	USED_DENIED, /* the caller may not ask the kernel */
	USED_NO_LEASES, /* the file system does not tell */
	USED_DISABLED, /* an administrator has disabled it */
	USED_UNSEEN, /* the kernel does not tell it, and the search of the processes found
		      * none, but is not complete */
	USED_ELSEWHERE, /* another user's mounts show the file, so it is not opened */
	USED_UNOPENED, /* the file cannot be opened: this, and errno added to it */
};

static inline bool
used_is_known(enum used used)
{
	return used <= USED_YES;
}

/* How the removal of an object was requested. */
struct in_use_question {
	bool by_conditions; /* selected by conditions, among a type or among references */
	bool owned; /* owned by the caller: in_use_owns() */
	bool knows_attached; /* selected because it is unattached; that is exact, so
			      * processes that may know it do not matter */
};

struct in_use_answer {
	enum in_use in_use;
	enum cause cause; /* set unless the answer is no */
	struct buf reason; /* as text; buf_free() releases it */
	const char *joint; /* before the reason of "in use": ": ", " by " or ", but " */
	bool is_whole; /* the reason is a verb and its object, and needs no "in use" */
	size_t processes; /* number of processes that use it, if the reason names them */
	bool scanned; /* based on the scan of the processes */
	size_t unexamined; /* processes that may not be examined but cause no refusal */
};

/*
 * Whether an object is, or may be, in use, so that its removal is refused.  A segment is
 * in use if it has attachments; a set if a process waits on it or a last process of it
 * lives; a queue if a process waits on it, if its last sender or receiver lives, or if it
 * holds messages and is not stale.  An object may be in use if a living process may know
 * it and the question takes that into account.
 */
void in_use_find(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a);

/* Appends the processes that may know an object, for a question or dry run about the
 * removal of unattached segments.  Returns whether there are any. */
bool in_use_may_know(
	const struct evidence *e, const struct object *o, struct buf *reason);

/* The methods of a kind.  An object of a kind without them may be in use. */
struct in_use_ops {
	/* Sets a, which is IN_USE_NO before. */
	void (*find)(const struct evidence *e, const struct object *o,
		const struct in_use_question *q, struct in_use_answer *a);

	/* Whether a process is known to wait on an object; NULL if that is impossible. */
	bool (*is_waited)(const struct evidence *e, const struct object *o);

	/* Whether a process uses an object, and the reason if that is unknown.  NULL if
	 * the object itself tells. */
	enum used (*used)(const struct evidence *e, const struct object *o);
	void (*put_unknown)(const struct evidence *e, enum used used, struct buf *b);

	/* Appends when an object goes that is_marked() of its kind; NULL if its last
	 * attachment keeps it. */
	void (*put_going)(
		const struct evidence *e, const struct object *o, struct buf *b);

	/* The device of the files of the objects.  0, or -1 with errno; NULL if they are
	 * no files. */
	int (*device)(dev_t *device);

	bool is_exact; /* An object that is found unused is unused, so that a user who
			* asks for unused objects need not know who may know it. */
	bool outlives; /* what is removed is only a name, if a process uses the object */
	const char *anyway; /* what --force does: "remove it" if NULL */

	unsigned uses; /* what the scan must examine to find its users: SCAN_... */
	unsigned waits; /* the same for is_waited; 0 if the object itself tells */
};

/* What the scan must examine: to answer, to name the users of an object, and to find out
 * whether a process waits. */
unsigned in_use_needs(const struct kind *kind);
unsigned in_use_needs_of_uses(const struct kind *kind);
unsigned in_use_needs_of_waits(const struct kind *kind);

/* Whether a process is known to wait on an object of a kind that has in_use.  Processes
 * that may not be examined are not known to wait. */
bool in_use_is_waited(const struct evidence *e, const struct object *o);

/* Whether a kind has the method "used". */
bool in_use_tells(const struct kind *kind);

/* Whether a process uses an object of a kind that has the method, by the fact if it is
 * known, else by a look now. */
enum used in_use_used(const struct evidence *e, const struct object *o);

/* Whether the scan examined the files of every process that may use an object.  If not,
 * in_use_put_unseen() appends why. */
bool in_use_sees_all(const struct evidence *e, const struct object *o);
void in_use_put_unseen(const struct evidence *e, struct buf *b);

/* The reason if a process uses it, but the search has found none. */
#define USED_BY_NONE_FOUND \
	"no process was found: a descriptor may be in flight in a UNIX socket, or the " \
	"process is outside this PID namespace"

/* Steps of find: they refuse because of a condition of staleness, or because a process
 * may know the object.  Return whether they refuse. */
bool in_use_refuse(const struct evidence *e, const struct object *o,
	const struct verdict *v, struct in_use_answer *a);
bool in_use_refuse_known(
	const struct evidence *e, const struct object *o, struct in_use_answer *a);

/* The uids of the caller: those of ipctool and of its ancestors, so that sudo(8) does not
 * change the answer. */
struct in_use_caller {
	uid_t *uids;
	size_t count;
};

/* Finds the uids; in_use_caller_free() releases them. */
void in_use_caller_find(const struct context *c, struct in_use_caller *caller);
void in_use_caller_free(struct in_use_caller *caller);

/* Whether the caller owns an object. */
bool in_use_owns(const struct in_use_caller *caller, const struct object *o);

#endif
