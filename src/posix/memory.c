/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contents of objects, by pread(2) and pwrite(2): to map them would allocate what no
 * process has touched yet, and a file that is truncated meanwhile would be a signal.
 */

#include "kind/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "posix/dir.h"
#include "posix/name.h"

#define TRUNCATED "the file was truncated meanwhile"

static int
open_contents(const struct object *o, bool writing, struct memory *m, struct buf *cause)
{
	struct stat st;

	m->fd = posix_open_contents(o, writing ? O_WRONLY : O_RDONLY, &st, cause);
	if (m->fd < 0)
		return -1;
	/* A limit of the size of files is an error of pwrite(2) then, and no signal. */
	if (writing)
		signal(SIGXFSZ, SIG_IGN);
	m->size = st.st_size;
	m->data = xcalloc(1, MEMORY_CHUNK);
	return 0;
}

static void
close_contents(const struct memory *m)
{
	close(m->fd);
	free(m->data);
}

static const char *
get_contents(struct memory *m, uint64_t offset, size_t *length, struct buf *cause)
{
	size_t done = 0;
	ssize_t n = 1;

	while (done < *length && n > 0) {
		n = pread(m->fd, m->data + done, *length - done, (off_t)(offset + done));
		if (n > 0)
			done += n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0)
		buf_printf(cause, "cannot be read: %s", strerror(errno));
	else if (done == 0 && *length > 0)
		buf_str(cause, TRUNCATED);
	*length = done;
	return cause->len > 0 ? NULL : m->data;
}

static char *
room_for_contents(struct memory *m, uint64_t offset, size_t length, bool at_once)
{
	(void)offset;
	(void)length;
	(void)at_once;
	return m->data;
}

/* Whether the object still has these bytes: pwrite(2) would extend it. */
static bool
has_bytes(const struct memory *m, uint64_t offset, size_t length, struct buf *cause)
{
	struct stat st;

	if (fstat(m->fd, &st) < 0)
		buf_printf(cause, "cannot be read: %s", strerror(errno));
	else if ((uint64_t)st.st_size < offset + length)
		buf_str(cause, TRUNCATED);
	return cause->len == 0;
}

static size_t
put_contents(struct memory *m, uint64_t offset, size_t length, struct buf *cause)
{
	size_t done = 0;

	while (done < length && has_bytes(m, offset + done, length - done, cause)) {
		ssize_t n = pwrite(
			m->fd, m->data + done, length - done, (off_t)(offset + done));

		if (n > 0) {
			done += n;
		} else if (n == 0 || errno != EINTR) {
			if (n == 0 || errno == ENOSPC)
				buf_printf(cause, "%s is full", posix_shm_path());
			else
				buf_printf(
					cause, "cannot be written: %s", strerror(errno));
			break;
		}
	}
	return done;
}

const struct memory_ops posix_memory_ops = {
	.open = open_contents,
	.close = close_contents,
	.get = get_contents,
	.room = room_for_contents,
	.put = put_contents,
};
