/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_QUEUE_H
#define KIND_QUEUE_H

#include <stdbool.h>

#include "kind/object.h"
#include "lib/buf.h"

/* A message in the form of the system calls: its type, a long, followed by the content.
 * Initialise it with {0}; buf_free(&m->raw) releases it. */
struct message {
	struct buf raw;
};

/* Starts a message of this type without content; the caller appends the content to
 * m->raw. */
void message_begin(struct message *m, long type);

long message_type(const struct message *m);

static inline char *
message_text(const struct message *m)
{
	return m->raw.data + sizeof(long);
}

static inline size_t
message_size(const struct message *m)
{
	return m->raw.len - sizeof(long);
}

/* Which message a receiver takes, as in msgrcv(2): for 0 the first one, else the first of
 * this type or of any other type, or the first of the lowest type up to -type. */
struct message_choice {
	long type;
	bool except;
};

/*
 * The operations on queues.  They return -1 with errno on failure: EACCES if the mode
 * gives no permission, EINVAL or EIDRM if the queue is gone.  They wait for at most this
 * many nanoseconds, and then fail with EAGAIN.  If a signal was noted (wait.h) before or
 * during the wait, they fail with EINTR.
 */
struct queue_ops {
	/* The maximum size of a message in bytes; INT_MAX, the kernel's upper bound, if
	 * it is not known. */
	uint64_t (*largest)(void);

	int (*send)(const struct object *o, const struct message *m, uint64_t timeout);

	/* Replaces the content of m.  If it fails, no message is taken; ENOMEM if there
	 * is no memory for the message. */
	int (*receive)(const struct object *o, const struct message_choice *choice,
		uint64_t timeout, struct message *m);

	/*
	 * Copies the message at an index, counted from 0, and does not change the queue.
	 * ENOMSG after the last message, ENOSYS if the kernel cannot do this, E2BIG if
	 * the message is larger than the current limit for sending, because the kernel
	 * copies no more than that.
	 */
	int (*peek)(const struct object *o, long place, struct message *m);
};

/* The size in bytes of the largest message that this queue can ever hold. */
uint64_t message_most(const struct object *o);

#endif
