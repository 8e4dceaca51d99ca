/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/give-back.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "lib/wait.h"
#include "report/explain.h"

enum { SHOWN_LOST = 8192 }; /* bytes of a lost message */

/* ": " and the first bytes of a lost message, so that a person can send it again; for a
 * kind that waits for room in the queue nothing.  Allocates no memory. */
static const char *
lost_bytes(const struct taken *t)
{
	static char text[sizeof ": ..." + SHOWN_LOST * (sizeof "\\ooo" - 1)];
	const struct message *m = t->message;
	size_t size = message_size(m);
	char *p = text;

	if (!t->target->object.kind->queue->gives_up_at_once)
		return "";
	p = stpcpy(p, ": ");
	for (size_t i = 0; i < size && i < SHOWN_LOST; i++) {
		unsigned char c = message_text(m)[i];

		if (c >= ' ' && c <= '~' && c != '\\')
			*p++ = (char)c;
		else
			p += sprintf(p, "\\x%02x", c);
	}
	strcpy(p, size > SHOWN_LOST ? "..." : "");
	return text;
}

void
give_back_at_once(void *taken)
{
	const struct taken *t = taken;
	const struct queue_ops *queue = t->target->object.kind->queue;
	const struct message *m = t->message;
	char room[MESSAGE_TEXT];

	if (m == NULL)
		return;
	if (queue->send(t->queue, m, 0) == 0) {
		queue->tell_place(m, room);
		fprintf(stderr, "%s: %s: the message was sent back%s\n", getprogname(),
			t->target->text, room);
		return;
	}
	queue->describe(m, room);
	fprintf(stderr,
		"%s: %s: the message (%s) could not be sent back and is lost: %s%s\n",
		getprogname(), t->target->text, room, strerror(errno), lost_bytes(t));
}

/* Sends a message back.  0, or -1 with the reason, or the errno without a reason. */
static int
send_back(const struct taken *t, struct buf *why)
{
	const struct queue_ops *queue = t->target->object.kind->queue;
	const struct message *m = t->message;
	int rc = queue->send(t->queue, m, 0);

	if (rc == 0 || errno != EAGAIN ||
		explain_message_now(t->queue, message_size(m), why))
		return rc;
	if (queue->gives_up_at_once) {
		buf_str(why, "the queue is full");
		return rc;
	}
	say("%s: the queue is full; waiting for room to send the message back (a signal "
	    "ends the wait, and the message is lost)",
		t->target->text);
	return queue->send(t->queue, m, WAIT_FOREVER);
}

void
give_back(struct taken *t, int *signo)
{
	const struct queue_ops *queue = t->target->object.kind->queue;
	const struct message *m = t->message;
	struct buf why = { 0 };
	char room[MESSAGE_TEXT];

	wait_forget_signals();
	if (send_back(t, &why) == 0) {
		t->message = NULL;
		queue->tell_place(m, room);
		say("%s: the message was sent back%s", t->target->text, room);
		return;
	}
	if (t->queue->closed != 0) {
		buf_str(&why, strerror(t->queue->closed));
	} else if (errno == EINTR) {
		*signo = wait_signal();
		buf_str(&why, "interrupted");
	} else if (why.len == 0 &&
		(errno != EINVAL ||
			!explain_message_now(t->queue, message_size(m), &why))) {
		explain_use(&t->target->object, 02, errno, &why);
	}
	queue->describe(m, room);
	say("%s: the message (%s) could not be sent back and is lost: %s%s",
		t->target->text, room, buf_text(&why), lost_bytes(t));
	buf_free(&why);
}
