/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the file of an object for an operation on its contents. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "posix/dir.h"

enum { TRIES = 200, PAUSE_NS = 5 * 1000 * 1000 };

static int
open_waiting(const struct posix_dir *dir, const struct object *o, int access)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	int fd;

	for (int tries = 1;; tries++) {
		fd = posix_open_to(dir, o, access);
		if (fd >= 0 || errno != EAGAIN || tries == TRIES)
			return fd;
		nanosleep(&pause, NULL);
	}
}

void
posix_put_unopened(const struct object *o, int access, int error, struct buf *cause)
{
	if (error == ENOENT)
		buf_str(cause, o->kind->says->gone);
	else if (error == ESTALE)
		buf_str(cause, "another object has this name now; nothing was done");
	else if (error == EAGAIN)
		buf_str(cause,
			"another process holds a lease on the file, fcntl(2), and does "
			"not give it back; try again");
	else
		buf_printf(cause, "cannot be opened for %s: %s",
			access == O_RDONLY ? "reading" : "writing", strerror(error));
}

int
posix_open_contents(
	const struct object *o, int access, struct stat *st, struct buf *cause)
{
	struct posix_dir dir;
	int error, fd;

	if (posix_dir_open(&dir, NULL, cause) < 0) {
		errno = ENOENT;
		return -1;
	}
	fd = open_waiting(&dir, o, access);
	error = errno;
	posix_dir_close(&dir);
	if (fd >= 0 && fstat(fd, st) == 0)
		return fd;
	if (fd >= 0) {
		error = errno;
		close(fd);
	}
	posix_put_unopened(o, access, error, cause);
	errno = error;
	return -1;
}
