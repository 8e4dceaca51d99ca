/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_USER_PROCS_H
#define PROCESS_USER_PROCS_H

#include "kind/object.h"
#include "process/scan.h"

/*
 * The user processes of objects, ipctool-stale(7): the processes of the IPC namespace
 * that run under the owner's uid, or the creator's unless that is root; and where the
 * mode lets group or others use the object, the processes of that group, or all that are
 * not root's.  Any of them may know an object without leaving a trace in it.
 */

/* Some of the user processes: which of them counts most. */
struct user_group {
	size_t count;
	/* The one whose line started first, and that start, in ticks since boot. */
	const struct scan_proc *oldest;
	uint64_t start;
	/* One whose session has lost its leader, or NULL. */
	const struct scan_proc *leaderless;
};

struct user_procs {
	struct user_group all;
	struct user_group ancestors; /* those of them that are ancestors of ipctool */
	const struct scan_proc *other; /* the first that is none, or NULL */
};

/* What is known of them, by one scan; each answer is found once. */
struct user_table;

/* For one scan, which has to stay as c does; belongs to the caller. */
struct user_table *user_table_new(const struct context *c, struct scan *scan);
void user_table_free(struct user_table *t);

/* The user processes of an object; they belong to the table and are valid until the next
 * call. */
const struct user_procs *user_procs_of(struct user_table *t, const struct object *o);

/* Which answer a process gives, and why. */
struct may_know {
	enum answer answer;
	const struct scan_proc *proc; /* that decides; NULL where none does */
	bool is_leaderless; /* unknown because its session has no leader; else the
			     * clock */
};

/*
 * Whether a living process may know an object: yes if it has a key by which any user
 * process finds it; else by when the processes started.  The scan being incomplete is not
 * in the answer.
 */
struct may_know user_procs_may_know(struct user_table *t, const struct object *o);

#endif
