/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_IPC_LOCK_H
#define LIB_IPC_LOCK_H

#include <stdint.h>

/*
 * A lock for programs of one IPC namespace that read an object and then change it.
 * IPC_SET replaces mode, owner, group and limit together, so without it a program could
 * undo the change of another.  It is flock(2) on /proc/self/ns/ipc, which is the same
 * file for all processes of the namespace.
 *
 * The lock is advisory, and any user can take and keep it.  Therefore nothing depends on
 * it: a program waits for it for at most 2 seconds in all, and then continues without it.
 */
struct ipc_lock {
	int fd; /* -1 if there is no such file */
	uint64_t patience; /* nanoseconds left for waiting */
};

void ipc_lock_open(struct ipc_lock *l);

/* Takes the lock if it becomes free in time. */
void ipc_lock_take(struct ipc_lock *l);

void ipc_lock_release(const struct ipc_lock *l);

void ipc_lock_close(const struct ipc_lock *l);

#endif
