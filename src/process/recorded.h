/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_RECORDED_H
#define PROCESS_RECORDED_H

#include "kind/object.h"
#include "process/context.h"

/* The fate of a process that is recorded in an object. */
enum life {
	LIFE_ALIVE, /* or that cannot be excluded */
	LIFE_ENDED,
	LIFE_UNSEEN, /* outside our PID namespace */
	LIFE_UNKNOWN, /* it could not be determined */
};

/*
 * Whether the recorded process with this pid lives.  when is the latest time that the
 * object records for it.  A process that certainly started later, and runs under neither
 * the owner's nor the creator's uid, is another process with the same pid.  (kill(2),
 * proc_pid_stat(5))
 */
enum life recorded_life(
	const struct context *c, pid_t pid, time_t when, const struct object *o);

/* The pid and the life of one of recorded[].  0, or -1 if the object records no pid. */
int recorded_get(const struct context *c, const struct object *o,
	const struct recorded *r, pid_t *pid, enum life *life);

/* The time that the object records for the last processes of its semaphores. */
time_t recorded_semaphores(const struct object *o);

/* The pid of the process that used the object last, as recorded in the object, and the
 * time; 0 if it is not known.  Reads the last processes of semaphores. */
pid_t recorded_last(const struct object *o, time_t *when);

#endif
