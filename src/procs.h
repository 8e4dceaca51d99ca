/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCS_H
#define PROCS_H

#include "buf.h"
#include "object.h"

enum life {
	LIFE_ALIVE,
	LIFE_GONE,
	LIFE_UNKNOWN, /* outside this pid namespace */
};

/*
 * Whether the process that an object notes still lives.  when is the last time that the
 * object notes for it: a process that started over a second later, and runs under neither
 * the owner's nor the creator's uid, has only got the same number.  What cannot be read
 * counts as alive.  (kill(2), proc_pid_stat(5))
 */
enum life procs_life(pid_t pid, time_t when, const struct object *o);

/* The same for one of recorded[]; *pid is the pid.  -1 when the object notes none. */
int procs_recorded(
	const struct object *o, const struct recorded *r, pid_t *pid, enum life *life);

/* Appends the name of a process; 0, or -1 when it cannot be read. */
int procs_command(pid_t pid, struct buf *name);

/* Whether this is the pid namespace that sees every process. */
bool procs_initial_namespace(void);

#endif
