/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_RECORDED_H
#define PROCESS_RECORDED_H

#include "kind/object.h"
#include "process/context.h"

/* What became of a process that the kernel keeps with an object. */
enum life {
	LIFE_ALIVE, /* or it cannot be excluded */
	LIFE_ENDED,
	LIFE_UNSEEN, /* outside our PID namespace */
	LIFE_UNKNOWN, /* it could not be read */
};

/*
 * Whether a process with this pid lives.  when is the last time that the object notes for
 * it: a process that surely started later, and runs under neither the owner's nor the
 * creator's uid, has only got the same number.  (kill(2), proc_pid_stat(5))
 */
enum life recorded_life(
	const struct context *c, pid_t pid, time_t when, const struct object *o);

/* The pid and the life of one of recorded[]: 0, or -1 where the object notes none. */
int recorded_get(const struct context *c, const struct object *o,
	const struct recorded *r, pid_t *pid, enum life *life);

/* The time that the object notes for the last processes of its semaphores. */
time_t recorded_semaphores(const struct object *o);

/*
 * The process that used the object last, by the object itself: its pid, 0 where it is not
 * known, and *when it was.
 * Reads the last processes of semaphores.
 */
pid_t recorded_last(const struct object *o, time_t *when);

#endif
