/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_PROC_H
#define PROCESS_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

/* One process or thread, from /proc/PID/stat (proc_pid_stat(5)). */
struct proc {
	pid_t parent;
	pid_t session; /* the pid of the session leader; 0 if that is outside the
			* namespace of /proc */
	bool is_zombie; /* it has ended; for a process: all its threads have ended */
	bool is_kernel; /* a kernel thread, which uses no objects */
	unsigned threads; /* of the process, including a main thread that has ended */
	uint64_t start; /* in ticks since boot */
	char name[16]; /* of the program, cut by the kernel; the process may change it */
};

enum { PROC_PATH = 96 }; /* bytes of a path below */

/* Writes the path of a file that each thread has, such as "ns/ipc".  That of the main
 * thread is shorter, and therefore found faster. */
void proc_path(char path[PROC_PATH], pid_t pid, pid_t tid, const char *file);

/* Reads a process.  0, or -1 with errno; proc_has_left() tells whether the process has
 * ended. */
int proc_read(pid_t pid, struct proc *p);

/* Whether an errno means that the process or thread has ended.  After any other errno it
 * may still live. */
bool proc_has_left(int error);

/* The ids of a thread. */
struct proc_ids {
	uid_t uids[4]; /* real, effective, saved, file system */
	struct buf gids; /* gid_t: the effective and the file system gid, then the
			  * supplementary gids; buf_free() releases them */
};

/* Reads the ids from /proc/TID/status.  ids starts as zeros and can be reused.  0, or -1
 * with errno. */
int proc_read_ids(pid_t tid, struct proc_ids *ids);

/* Whether a process exists and has not ended.  1, 0, or -1 with errno if that cannot be
 * determined. */
int proc_is_alive(pid_t pid);

/* Whether a thread has ended; it may be the main thread of a process that still lives. */
bool proc_is_zombie(pid_t tid);

/* Whether a thread is stopped, by a signal or by a debugger.  The kernel does not show
 * what a stopped thread waits for. */
bool proc_is_stopped(pid_t tid);

/* Appends the name of a process.  0, or -1 if it cannot be read. */
int proc_command(pid_t pid, struct buf *name);

/* Whether this is the initial PID namespace, where all processes are visible. */
bool proc_initial_namespace(void);

/* Whether /proc shows our PID namespace. */
bool proc_are_ours(void);

/* Whether /proc is mounted with an option that hides processes that we may not trace
 * (hidepid).  True if its mount could not be read. */
bool proc_hides(void);

#endif
