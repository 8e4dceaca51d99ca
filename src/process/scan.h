/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_SCAN_H
#define PROCESS_SCAN_H

#include <sys/types.h>

#include "kind/kind.h"
#include "process/context.h"

/*
 * One scan over all processes: which there are and under which ids they run, who is
 * attached to segments, who waits on semaphores and queues.  Ids of objects mean nothing
 * outside our IPC namespace, so only its processes count.
 */
struct scan;

/* What to look at; each costs files of every process. */
enum {
	SCAN_MAPS = 1, /* attachments: /proc/PID/maps */
	SCAN_WAITERS = 2, /* /proc/PID/task/TID/syscall, which needs the right to trace */
	SCAN_USERS = 4, /* /proc/PID/status */
};

/* What a process does with an object. */
enum use_what {
	USE_ATTACHED, /* detail: the address */
	USE_ATTACHED_RO,
	USE_RECEIVES, /* waits to receive; detail: the type asked for */
	USE_RECEIVES_EXCEPT, /* ... of any type but that */
	USE_RECEIVES_ANY, /* ... but the type cannot be seen */
	USE_SENDS, /* waits to send */
	USE_WAITS, /* waits on a semaphore; detail: its number */
	USE_WAITS_ANY, /* ... but which cannot be seen */
};

struct use {
	const struct kind *kind;
	uint64_t id;
	pid_t pid;
	enum use_what what;
	int64_t detail; /* of the first */
	unsigned count; /* how often it does the same */
};

/* A process that the scan found. */
struct scan_proc {
	pid_t pid, parent, session;
	uint64_t start; /* in ticks since boot */
	uint64_t inode; /* of its directory: another process with the pid has another
		        * one */
	size_t first_id; /* where its user ids start among those of the scan, then its
			  * groups */
	unsigned uids, gids; /* how many, each once */
	unsigned threads;
	bool is_here; /* a thread of it is in our IPC namespace, or may be */
	bool is_zombie;
	bool is_kernel;
	bool is_gone; /* it ended during the scan */
	bool is_hidden; /* it could not be looked at */
	bool is_denied; /* whether it waits may not be examined (EACCES, EPERM) ... */
	bool may_wait; /* ... but it waits on some queue */
	int error; /* why that could not be examined otherwise, or 0 */
};

/* Nothing is read before it is asked for; c has to stay.  Belongs to the caller. */
struct scan *scan_new(const struct context *c, unsigned what);
void scan_free(struct scan *s);

/* Whether it has taken place, and when it began: nanoseconds of CLOCK_MONOTONIC. */
bool scan_is_done(const struct scan *s);
uint64_t scan_began(const struct scan *s);

/*
 * The uses of an object, ordered by process; they belong to the scan.  What may not be
 * looked at is missing: see scan_hidden().
 */
const struct use *scan_uses(struct scan *s, const struct object *o, size_t *count);

/* The processes that were found, ordered by pid; they belong to the scan. */
const struct scan_proc *scan_procs(struct scan *s, size_t *count);

/* The process with this pid, or NULL. */
const struct scan_proc *scan_find(struct scan *s, pid_t pid);

/* Whether a process is ipctool itself, or an ancestor of it. */
bool scan_is_ancestor(struct scan *s, const struct scan_proc *p);

/* Whether any thread of a process runs under a user id, or has one among its groups. */
bool scan_runs_under(struct scan *s, const struct scan_proc *p, uid_t uid);
bool scan_has_group(struct scan *s, const struct scan_proc *p, gid_t gid);

/* Whether any thread of a process runs under another user id than root's. */
bool scan_is_ordinary(struct scan *s, const struct scan_proc *p);

/* How many processes the scan, if there has been one, could not look at, each of which
 * may use any object; at least one if the scan is incomplete. */
size_t scan_hidden(const struct scan *s);

/* Why the scan may have missed processes, or how they run, in the words of a message;
 * NULL if it is complete. */
const char *scan_incomplete(const struct scan *s);

/* Why attachments may be missing although the maps were read, or NULL. */
const char *scan_maps_unknown(const struct scan *s);

/* What is known of the processes that may wait on queues. */
struct scan_waiting {
	size_t denied; /* processes that we may not examine (EACCES, EPERM) */
	size_t failed; /* ... that could not be examined for another reason ... */
	int error; /* ... which is this errno of one of them */
	pid_t may_wait; /* one of our own that waits on some queue, or 0 */
};
struct scan_waiting scan_waiting(struct scan *s);

#endif
