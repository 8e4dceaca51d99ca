/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_QUEUE_PEEK_H
#define KIND_QUEUE_PEEK_H

#include "kind/queue.h"

/*
 * Shows copies of the messages that a receiver with this choice would take, in that order
 * and at most so many, and changes nothing in the queue.  show() returns -1 to stop.
 * Stores how many were shown; 0, or -1 with errno: what peek() of struct queue_ops gives,
 * EINTR when a signal was noted, ECANCELED when show() stopped it.  Messages that others
 * take meanwhile may make it pass over some.
 */
int peek_messages(const struct object *o, const struct message_choice *choice,
	uint64_t most, int (*show)(const struct message *m, void *data), void *data,
	uint64_t *shown);

#endif
