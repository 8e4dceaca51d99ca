/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_IPC_LOCK_H
#define LIB_IPC_LOCK_H

#include <stdint.h>

/*
 * A lock that the programs of an IPC namespace share which read an object and then write
 * it: IPC_SET replaces mode, owner, group and limit together, so that of two programs
 * that change different ones of them one could undo what the other has done.  It is
 * flock(2) on /proc/self/ns/ipc, which is one file for all processes of the namespace.
 *
 * It is advice and no more.  Any user can take it and keep it, so nothing depends on
 * having it: who waits for it gives up after 2 seconds in all, and goes on.
 */
struct ipc_lock {
	int fd; /* -1 where there is no such file */
	uint64_t patience; /* nanoseconds that may still be spent on waiting */
};

void ipc_lock_open(struct ipc_lock *l);

/* Takes the lock, if it can be had in time. */
void ipc_lock_take(struct ipc_lock *l);

void ipc_lock_release(const struct ipc_lock *l);

void ipc_lock_close(const struct ipc_lock *l);

#endif
