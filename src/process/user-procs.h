/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_USER_PROCS_H
#define PROCESS_USER_PROCS_H

#include "kind/object.h"
#include "process/naming.h"
#include "process/scan.h"

/*
 * The user processes of objects, ipctool-stale(7).  These are the processes of the IPC
 * namespace that run under the owner's uid, or under the creator's unless that is root.
 * If the mode lets the group use the object, they include the processes of that group; if
 * it lets others use it, all processes except root's.  Objects that are files have the
 * processes of all IPC namespaces.  Each of them may know an object
 * without leaving a trace in it.
 */

/* A group of user processes, with those that decide. */
struct user_group {
	size_t count;
	const struct scan_proc *named[NAMED_MAX]; /* the first ones */
	size_t named_count;
	/* The process whose line started first, and that start in ticks since boot. */
	const struct scan_proc *oldest;
	uint64_t start;
	/* A process whose session leader has ended, or NULL. */
	const struct scan_proc *leaderless;
};

struct user_procs {
	struct user_group all;
	struct user_group ancestors; /* those that are ancestors of ipctool */
	const struct scan_proc *other; /* the first that is not an ancestor, or NULL */
};

/* The user processes by one scan; each answer is computed once. */
struct user_table;

/* Creates a table for one scan; scan and c must stay valid.  The caller owns it. */
struct user_table *user_table_new(const struct context *c, struct scan *scan);
void user_table_free(struct user_table *t);

/* The user processes of an object; the table owns them, and they are valid until the next
 * call. */
const struct user_procs *user_procs_of(struct user_table *t, const struct object *o);

/* An answer, and the process that it rests on. */
struct may_know {
	enum answer answer;
	const struct scan_proc *proc; /* that decides; NULL if none does */
	bool is_leaderless; /* unknown because its session leader has ended; else
			     * because of the clock */
};

/*
 * Whether a living process may know an object.  Yes if it has a key, because any user
 * process can find it by that; else it depends on the start times of the processes.  An
 * incomplete scan does not change the answer.
 */
struct may_know user_procs_may_know(struct user_table *t, const struct object *o);

/* The same for an object that any user process can find by its name.  An ancestor of
 * ipctool, which runs it to clean up, may know it unless it started after this time. */
struct may_know user_procs_may_find(
	struct user_table *t, const struct object *o, time_t made);

#endif
