/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROC_H
#define PROC_H

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
enum life proc_life(pid_t pid, time_t when, const struct object *o);

/* The same for one of recorded[]; *pid is the pid.  -1 when the object notes none. */
int proc_recorded(
	const struct object *o, const struct recorded *r, pid_t *pid, enum life *life);

/* The real, effective, saved and file system uid of a process or a thread, and how many
 * threads the process has.  0, or -1 with errno. */
int proc_uids(pid_t pid, uid_t uids[4], unsigned *threads);

/* The parent of a process; 0 when there is none or it cannot be read. */
pid_t proc_parent(pid_t pid);

/* Whether this is a thread of the kernel, which uses no object. */
bool proc_is_kernel_thread(pid_t pid);

/* Whether a process is a zombie without any living thread, or not there any more. */
bool proc_has_ended(pid_t pid);

/* Whether a thread has ended, be it the main one of a process that lives on. */
bool proc_is_zombie(pid_t tid);

/* Appends the name of a process; 0, or -1 when it cannot be read. */
int proc_command(pid_t pid, struct buf *name);

/* Whether this is the pid namespace that sees every process. */
bool proc_initial_namespace(void);

/* Whether /proc shows our pid namespace; else its numbers are those of other processes. */
bool proc_are_ours(void);

#endif
