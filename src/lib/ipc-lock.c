/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/ipc-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE = 2000000000, /* nanoseconds for waiting */
	PAUSE = 5000000, /* nanoseconds between two attempts */
};

void
ipc_lock_open(struct ipc_lock *l)
{
	l->fd = open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC);
	l->patience = PATIENCE;
}

void
ipc_lock_take(struct ipc_lock *l)
{
	while (l->fd >= 0 && flock(l->fd, LOCK_EX | LOCK_NB) < 0 &&
		errno == EWOULDBLOCK && l->patience >= PAUSE) {
		nanosleep(&(struct timespec){ .tv_nsec = PAUSE }, NULL);
		l->patience -= PAUSE;
	}
}

void
ipc_lock_release(const struct ipc_lock *l)
{
	if (l->fd >= 0)
		flock(l->fd, LOCK_UN);
}

void
ipc_lock_close(const struct ipc_lock *l)
{
	if (l->fd >= 0)
		close(l->fd);
}
