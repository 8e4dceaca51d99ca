/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_QUEUE_H
#define KIND_QUEUE_H

#include <stdbool.h>

#include "kind/object.h"
#include "lib/buf.h"

/* A message in the form of msgsnd(2): its number, which is a type or a priority, a long,
 * followed by the content.  Initialise it with {0}; buf_free(&m->raw) releases it. */
struct message {
	struct buf raw;
};

/* Starts a message with this number and without content; the caller appends the content
 * to m->raw. */
void message_begin(struct message *m, long number);

long message_number(const struct message *m);

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

/* What the number of a message is. */
enum numbering {
	NUMBERING_MTYPE, /* msgop(2) */
	NUMBERING_PRIO, /* mq_send(3): the highest is taken first */
	NUMBERING_COUNT,
};

enum { MESSAGE_PRIO_MAX = 32767 }; /* MQ_PRIO_MAX - 1 */

/* What options and JSON call them: "mtype", "prio". */
extern const char *const numbering_names[NUMBERING_COUNT];

/* Appends the kinds whose messages are numbered so: "msg". */
void numbering_put_kinds(enum numbering numbering, struct buf *b);

/* A queue that is used.  queue_close() releases it. */
struct queue {
	const struct object *object;
	int fd; /* of a queue that is a file, else -1 */
	uint64_t most; /* of such a queue: the bytes of a message */
	bool waits; /* calls on the descriptor wait: O_NONBLOCK is not set */
	bool receives; /* what is sent to it is what was received */
	int closed; /* errno why nothing can be sent to it, or 0 */
};

/* Opens a queue for sending (02), or for receiving (04) and, if possible, for sending
 * back what was received.  0, or -1 with the cause. */
int queue_open(
	struct queue *q, const struct object *o, unsigned access, struct buf *cause);
void queue_close(struct queue *q);

enum { MESSAGE_TEXT = 80 }; /* bytes of the texts about a message */

/*
 * The operations on queues.  They return -1 with errno on failure: EACCES if the mode
 * gives no permission, EINVAL or EIDRM if the queue is gone.  They wait for at most this
 * many nanoseconds, and then fail with EAGAIN.  If a signal was noted (wait.h) before or
 * during the wait, they fail with EINTR.
 */
struct queue_ops {
	enum numbering numbering;
	long usual, highest; /* numbers for sending */

	/* What a message says of the order in which messages are taken, and why they
	 * cannot be shown; NULL if the receiver chooses, and if peek() can. */
	const char *order;
	const char *no_peek;

	/* Whether a message that was taken, but not written, is sent back only if there
	 * is room for it at once, and else shown as lost. */
	bool gives_up_at_once;

	/* Writes what identifies a message, "type 1, 5 bytes", and where it is after it
	 * was sent back, ", and is the last", into room for MESSAGE_TEXT bytes. */
	void (*describe)(const struct message *m, char *room);
	void (*tell_place)(const struct message *m, char *room);

	/* queue_open() of queues that are files; else NULL. */
	int (*open)(struct queue *q, unsigned access, struct buf *cause);

	/* The maximum size of a message in bytes; INT_MAX, the kernel's upper bound, if
	 * it is not known. */
	uint64_t (*largest)(const struct queue *q);

	/* Appends that a message of this many bytes, or more, is larger than the largest
	 * that the queue can ever hold. */
	void (*put_too_large)(
		const struct queue *q, uint64_t size, bool more, struct buf *text);

	int (*send)(struct queue *q, const struct message *m, uint64_t timeout);

	/* Replaces the content of m.  If it fails, no message is taken; ENOMEM if there
	 * is no memory for the message. */
	int (*receive)(struct queue *q, const struct message_choice *choice,
		uint64_t timeout, struct message *m);

	/*
	 * Copies the message at an index, counted from 0, and does not change the queue.
	 * ENOMSG after the last message, ENOSYS if the kernel cannot do this, E2BIG if
	 * the message is larger than the current limit for sending, because the kernel
	 * copies no more than that.
	 */
	int (*peek)(const struct queue *q, long place, struct message *m);
};

/* The size in bytes of the largest message that this queue can ever hold. */
uint64_t queue_most(const struct queue *q);

#endif
