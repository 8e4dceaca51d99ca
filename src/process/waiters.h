/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_WAITERS_H
#define PROCESS_WAITERS_H

#include "process/scan.h"

/* Whether waiting threads can be recognised: the kernel shows their system calls, and the
 * call numbers of this architecture are known. */
bool waiters_are_known(void);

/* What else a call tells. */
struct wait_ops {
	uint64_t address; /* of the operations of a semop(2), in the memory of the
			   * process */
	uint64_t count; /* of these */
	bool by_descriptor; /* the id is a descriptor of a POSIX message queue */
};

/*
 * Parses a line of proc_pid_syscall(5) of a 32-bit or 64-bit program.  Returns whether it
 * is a call that can wait for a System V object or a POSIX message queue.  If so, fills
 * *use except for the process and the semaphore, and *ops.
 */
bool waiters_parse(
	const char *line, bool is_32bit, struct use *use, struct wait_ops *ops);

/* Whether a thread waits in such a call (proc_pid_syscall(5)).  1 with *use filled, with
 * the file of a queue instead of its descriptor; 0, or -1 with errno if it may not be
 * examined. */
int waiters_read(pid_t pid, pid_t tid, struct use *use);

/* Whether a thread waits in a futex(2) that processes can share, and at which address.
 * 1, 0, or -1 with errno if it may not be examined. */
int waiters_futex(pid_t pid, pid_t tid, uint64_t *address);

/* Parses a line of proc_pid_syscall(5).  Returns whether it is such a call, with its
 * address. */
bool waiters_parse_futex(const char *line, uint64_t *address);

/*
 * Whether a thread waits to send to or receive from a queue (proc_pid_wchan(5)).  For
 * threads that we may examine but not trace; it does not tell which queue.  1, 0, or -1
 * with errno.
 */
int waiters_queue(pid_t pid, pid_t tid);

#endif
