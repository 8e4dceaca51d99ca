/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending messages to a queue, and receiving them.  The calls wait until a time of
 * CLOCK_REALTIME themselves.  A signal that arrives directly before such a call is
 * repeated until it interrupts it (wait.h).
 */

#include "kind/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/wait.h"
#include "posix/dir.h"

/* Opens the queue so that what was received can be sent back, if that is permitted. */
static int
open_to_receive(const struct posix_dir *dir, struct queue *q)
{
	int fd = posix_open_to(dir, q->object, O_RDWR);

	q->receives = true;
	if (fd >= 0 || errno != EACCES)
		return fd;
	q->closed = errno;
	return posix_open_to(dir, q->object, O_RDONLY);
}

static int
open_queue(struct queue *q, unsigned access, struct buf *cause)
{
	bool sends = access == 02;
	struct mq_attr attr;
	struct posix_dir dir;

	if (mqueue_dir_open(&dir, NULL, cause) < 0)
		return -1;
	q->fd = sends ? posix_open_to(&dir, q->object, O_WRONLY)
		      : open_to_receive(&dir, q);
	if (q->fd < 0)
		posix_put_unopened(q->object, sends ? O_WRONLY : O_RDONLY, errno, cause);
	posix_dir_close(&dir);
	if (q->fd < 0)
		return -1;
	if (mq_getattr(q->fd, &attr) == 0) {
		q->most = attr.mq_msgsize;
		return 0;
	}
	buf_printf(cause, "cannot be read: %s", strerror(errno));
	queue_close(q);
	return -1;
}

/* Whether calls wait is a state of the descriptor.  0, or -1 with errno. */
static int
set_waits(struct queue *q, bool waits)
{
	const struct mq_attr attr = { .mq_flags = waits ? 0 : O_NONBLOCK };

	if (q->waits != waits && mq_setattr(q->fd, &attr, NULL) < 0)
		return -1;
	q->waits = waits;
	return 0;
}

/* The time when a wait ends, or NULL if there is none. */
static const struct timespec *
end_of(uint64_t timeout, struct timespec *end)
{
	return timeout == 0 ? NULL : wait_realtime(timeout, end);
}

/* Whether the call is to be made once more.  ETIMEDOUT becomes EAGAIN. */
static bool
goes_on(int rc)
{
	if (rc >= 0)
		return false;
	if (errno == ETIMEDOUT)
		errno = EAGAIN;
	return errno == EINTR && wait_signal() == 0;
}

/* Whether a queue that is to get a message back has lost its name: the message would be
 * gone with the last process that has it open. */
static bool
is_removed(const struct queue *q)
{
	struct stat st;

	return q->receives && fstat(q->fd, &st) == 0 && st.st_nlink == 0;
}

static int
send_message(struct queue *q, const struct message *m, uint64_t timeout)
{
	struct timespec end;
	const struct timespec *until = end_of(timeout, &end);
	int rc;

	errno = q->closed != 0 ? q->closed : EIDRM;
	if (q->closed != 0 || is_removed(q) || set_waits(q, timeout != 0) < 0)
		return -1;
	/* With a timeout of 0 the call is always made, even after a signal, because the
	 * caller may hold a message that must not be lost.  It does not wait then, so no
	 * signal interrupts it. */
	if (timeout != 0 && wait_signal() != 0) {
		errno = EINTR;
		return -1;
	}
	do
		rc = until == NULL ? mq_send(q->fd, message_text(m), message_size(m),
					     (unsigned)message_number(m))
				   : mq_timedsend(q->fd, message_text(m), message_size(m),
					     (unsigned)message_number(m), until);
	while (goes_on(rc));
	return rc;
}

static int
receive_message(struct queue *q, const struct message_choice *choice, uint64_t timeout,
	struct message *m)
{
	struct timespec end;
	const struct timespec *until = end_of(timeout, &end);
	unsigned priority;
	ssize_t size;
	long number;

	(void)choice;
	m->raw.len = 0;
	if (buf_room(&m->raw, sizeof number + q->most) < 0 ||
		set_waits(q, timeout != 0) < 0)
		return -1;
	if (wait_signal() != 0) {
		errno = EINTR;
		return -1;
	}
	do
		size = until == NULL
			? mq_receive(q->fd, message_text(m), q->most, &priority)
			: mq_timedreceive(
				  q->fd, message_text(m), q->most, &priority, until);
	while (goes_on(size < 0 ? -1 : 0));
	if (size < 0)
		return -1;
	number = priority;
	memcpy(m->raw.data, &number, sizeof number);
	m->raw.len = sizeof number + size;
	return 0;
}

static uint64_t
largest_message(const struct queue *q)
{
	return q->most;
}

static void
put_larger(const struct queue *q, uint64_t size, bool more, struct buf *text)
{
	buf_printf(text,
		"the message has %s%" PRIu64 " bytes, the queue accepts %" PRIu64,
		more ? "more than " : "", size, q->most);
}

static void
describe_message(const struct message *m, char *room)
{
	snprintf(room, MESSAGE_TEXT, "%zu bytes, priority %ld", message_size(m),
		message_number(m));
}

static void
tell_follows(const struct message *m, char *room)
{
	snprintf(room, MESSAGE_TEXT, " and now follows the others of priority %ld",
		message_number(m));
}

const struct queue_ops posix_queue_ops = {
	.numbering = NUMBERING_PRIO,
	.usual = 0,
	.highest = MESSAGE_PRIO_MAX,
	.order = "takes the highest priority first",
	.no_peek = "the kernel cannot show a message of a POSIX queue without removing "
		   "it",
	.gives_up_at_once = true,
	.describe = describe_message,
	.tell_place = tell_follows,
	.open = open_queue,
	.largest = largest_message,
	.put_too_large = put_larger,
	.send = send_message,
	.receive = receive_message,
};
