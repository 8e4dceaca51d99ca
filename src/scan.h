/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCAN_H
#define SCAN_H

#include <sys/types.h>

#include "kind.h"

/*
 * One walk over all processes: who is attached to segments, who waits on semaphores and
 * queues, which users run processes.  Only processes of our own IPC namespace count, because
 * ids mean nothing outside it.
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
	uint32_t id;
	pid_t pid;
	enum use_what what;
	int64_t detail; /* of the first */
	unsigned count; /* how often it does the same */
};

/* Nothing is read before it is asked for; belongs to the caller. */
struct scan *scan_new(unsigned what);
void scan_free(struct scan *w);

/* Whether it has taken place. */
bool scan_is_done(const struct scan *w);

/*
 * The uses of an object, ordered by process; they belong to the walk.  What may not be
 * looked at is missing: see scan_hidden().
 */
const struct use *scan_uses(struct scan *w, const struct object *o, size_t *count);

/*
 * Whether a process runs under this uid, ourselves and our ancestors apart: 1, 0, or -1
 * when nobody can tell because some processes could not be looked at.
 */
int scan_user_runs(struct scan *w, uid_t uid);

/* How many processes the walk, if there has been one, could not look at, of which any may
 * use any object; at least one when scan_blind() says something. */
size_t scan_hidden(const struct scan *w);

/* Why nobody knows how many there are that it has not seen, or NULL. */
const char *scan_blind(const struct scan *w);

#endif
