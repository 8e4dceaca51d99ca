/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCS_WAIT_H
#define PROCS_WAIT_H

#include "walk.h"

/* Whether waiting threads can be recognised: the kernel shows the calls that they are in, and
 * their numbers are known for this architecture. */
bool procs_wait_is_known(void);

/*
 * Whether a thread waits in a System V call (proc_pid_syscall(5)): 1 with *use filled but for
 * the kind's own order, 0 if not, -1 with errno when it may not be looked at.
 */
int procs_wait(pid_t pid, pid_t tid, struct use *use);

#endif
