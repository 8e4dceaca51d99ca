/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_QUEUE_PEEK_H
#define KIND_QUEUE_PEEK_H

#include "kind/queue.h"

/*
 * Shows copies of the messages that a receiver with this choice would take, in that order
 * and at most this many.  It does not change the queue.  show() returns -1 to stop.
 * Stores the number of messages shown.  Returns 0, or -1 with errno: that of peek() of
 * struct queue_ops, EINTR after a signal was noted, ECANCELED after show() stopped it.
 * If other processes take messages meanwhile, it may skip some.
 */
int peek_messages(const struct queue *q, const struct message_choice *choice,
	uint64_t most, int (*show)(const struct message *m, void *data), void *data,
	uint64_t *shown);

#endif
