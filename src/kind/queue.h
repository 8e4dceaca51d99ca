/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_QUEUE_H
#define KIND_QUEUE_H

#include <stdbool.h>

#include "kind/object.h"
#include "lib/buf.h"

/*
 * A message: its type, a long, and behind it the content, as the system calls have it.
 * {0} is one without either; buf_free(&m->raw) releases it.
 */
struct message {
	struct buf raw;
};

/* Makes a message of this type without content, which is then to be added to m->raw. */
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

/* Which messages a receiver takes, as msgrcv(2) has it: the first one for 0, the first of
 * this type or of any other, or the first of the lowest type up to -type. */
struct message_choice {
	long type;
	bool except;
};

/*
 * What queues can do.  All return -1 with errno where they fail; EACCES when the mode
 * gives no permission, EINVAL or EIDRM when the queue has gone.  Waiting, at most so many
 * nanoseconds, ends with EAGAIN when the time is up and with EINTR when a signal was
 * noted (wait.h), before it as well.
 */
struct queue_ops {
	/* Bytes of the largest message that there may be; where that is not known
	 * INT_MAX, which no kernel lets it exceed. */
	uint64_t (*largest)(void);

	int (*send)(const struct object *o, const struct message *m, uint64_t timeout);

	/* Replaces what m has; nothing is taken when it fails, with ENOMEM where there
	 * is no memory for the message. */
	int (*receive)(const struct object *o, const struct message_choice *choice,
		uint64_t timeout, struct message *m);

	/* Copies the message at a place from 0, and changes nothing in the queue.  ENOMSG
	 * behind the last one, ENOSYS where the kernel cannot, E2BIG when the message is
	 * larger than what may be sent today, which is all that the kernel copies. */
	int (*peek)(const struct object *o, long place, struct message *m);
};

/* Bytes of the largest message that this queue can ever hold. */
uint64_t message_most(const struct object *o);

#endif
