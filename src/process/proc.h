/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_PROC_H
#define PROCESS_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

/* One process, or thread, as /proc/PID/stat shows it (proc_pid_stat(5)). */
struct proc {
	pid_t parent;
	pid_t session; /* the pid of its leader; 0 where that is outside /proc's
		        * namespace */
	bool is_zombie; /* it has ended; of a process, all of its threads have */
	bool is_kernel; /* a thread of the kernel, which uses no object */
	unsigned threads; /* of the process, the main one included if that has ended */
	uint64_t start; /* in ticks since boot */
};

/* Reads it.  0, or -1 with errno: proc_has_left() knows whether it is there at all. */
int proc_read(pid_t pid, struct proc *p);

/* Whether an errno says that the process, or the thread, has ended meanwhile; with any
 * other it may well live. */
bool proc_has_left(int error);

/* The ids that a thread runs under. */
struct proc_ids {
	uid_t uids[4]; /* real, effective, saved, file system */
	struct buf gids; /* gid_t: the effective and the file system one, then the
	                  * supplementary ones; buf_free() releases them */
};

/* Reads them from /proc/TID/status into ids, which starts as zeros and can be used
 * again.  0, or -1 with errno. */
int proc_read_ids(pid_t tid, struct proc_ids *ids);

/* Whether a process is there and has not ended: 1, 0, or -1 with errno when that
 * cannot be determined. */
int proc_is_alive(pid_t pid);

/* Whether a thread has ended, also the main one of a process that lives on. */
bool proc_is_zombie(pid_t tid);

/* Whether a thread is stopped, by a signal or by a debugger: what it waits for is not
 * shown. */
bool proc_is_stopped(pid_t tid);

/* Appends the name of a process; 0, or -1 when it cannot be read. */
int proc_command(pid_t pid, struct buf *name);

/* Whether this is the PID namespace that sees every process. */
bool proc_initial_namespace(void);

/* Whether /proc shows our PID namespace. */
bool proc_are_ours(void);

#endif
