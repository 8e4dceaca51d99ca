/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_GIVE_BACK_H
#define CMD_GIVE_BACK_H

#include "cmd/resolve.h"
#include "kind/queue.h"

/* A message that was taken out of a queue, and that only this process has. */
struct taken {
	const struct target *target; /* the queue */
	struct queue *queue; /* the same, open */
	const struct message
		*message; /* neither written nor sent back; NULL if none is */
};

/*
 * Sends the message back to the queue, because it could not be written, and says so.  If
 * the queue is full, waits for room, unless its kind does not.  A signal ends the wait;
 * *signo is then its number.  Signals that came before do not count.  If the message is
 * lost, says why, and what it was.
 */
void give_back(struct taken *t, int *signo);

/*
 * For xalloc_at_failure(): sends the message of a struct taken back, if there is one,
 * when memory runs out, which can only happen in messages about a write error.  It does
 * not wait; the room that the message had is free.
 */
void give_back_at_once(void *taken);

#endif
