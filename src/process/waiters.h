/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_WAITERS_H
#define PROCESS_WAITERS_H

#include "process/scan.h"

/* Whether waiting threads can be recognised: the kernel shows the calls that they are
 * in, and their numbers are known for this architecture. */
bool waiters_are_known(void);

/* The operations of a semop(2): where they are in the memory of the process, and how
 * many. */
struct wait_ops {
	uint64_t address;
	uint64_t count;
};

/*
 * Reads a line of proc_pid_syscall(5), of a program of 32 bits or of 64: whether it is
 * such a call; then *use is filled but for the process and the semaphore, and *ops for a
 * semop.
 */
bool waiters_parse(
	const char *line, bool is_32bit, struct use *use, struct wait_ops *ops);

/*
 * Whether a thread waits in a System V call (proc_pid_syscall(5)): 1 with *use filled but
 * for the kind's own order, 0 if not, -1 with errno when it may not be looked at.
 */
int waiters_read(pid_t pid, pid_t tid, struct use *use);

/*
 * Whether a thread, which we may look at but not trace, waits to send to a queue or to
 * receive from one, whichever it is (proc_pid_wchan(5)): 1, 0, or -1 with errno.
 */
int waiters_queue(pid_t pid, pid_t tid);

#endif
