/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ops-msg.h"

#include <errno.h>
#include <limits.h>
#include <sys/msg.h>

#include "kind.h"
#include "ops-wait.h"

#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

enum { FIRST_ROOM = 65536 }; /* bytes of content that are tried before more is taken */

void
message_begin(struct message *m, long type)
{
	m->raw.len = 0;
	buf_add(&m->raw, &type, sizeof type);
}

long
message_type(const struct message *m)
{
	long type;

	memcpy(&type, m->raw.data, sizeof type);
	return type;
}

uint64_t
message_most(const struct object *o)
{
	uint64_t most = o->kind->queue->largest();

	if (object_has(o, FACT(QBYTES)) && o->fact[FACT_QBYTES] < most)
		most = o->fact[FACT_QBYTES];
	return most;
}

static uint64_t
largest(void)
{
	struct msginfo info;

	if (msgctl(0, IPC_INFO, (struct msqid_ds *)&info) < 0)
		return INT_MAX;
	return info.msgmax;
}

static int
send(const struct object *o, const struct message *m, uint64_t timeout)
{
	struct wait w = wait_until(timeout);
	int rc;

	wait_start(&w);
	do {
		/* A call that cannot block is made in any case: a message may be in hand. */
		if (wait_left(&w) != 0 && wait_signal() != 0) {
			errno = EINTR;
			rc = -1;
			break;
		}
		rc = msgsnd(o->fact[FACT_ID], m->raw.data, message_size(m),
			wait_left(&w) == 0 ? IPC_NOWAIT : 0);
	} while (rc < 0 && errno == EINTR);
	wait_stop();
	return rc;
}

/* Bytes of content that m has room for. */
static size_t
room(const struct message *m)
{
	return m->raw.cap - sizeof(long);
}

/* msgrcv(2) with as much room as the message needs, which stays in the queue until then. */
static int
take(const struct object *o, long type, int flags, struct message *m)
{
	ssize_t size;

	m->raw.len = 0;
	if (buf_room(&m->raw, FIRST_ROOM) < 0)
		return -1;
	while ((size = msgrcv(o->fact[FACT_ID], m->raw.data, room(m), type, flags)) < 0 &&
		errno == E2BIG && m->raw.cap <= INT_MAX)
		if (buf_room(&m->raw, m->raw.cap * 2) < 0)
			return -1;
	if (size < 0)
		return -1;
	m->raw.len = sizeof(long) + size;
	return 0;
}

static int
receive(const struct object *o, const struct message_choice *choice, uint64_t timeout,
	struct message *m)
{
	int flags = choice->except ? MSG_EXCEPT : 0;
	struct wait w = wait_until(timeout);
	int rc;

	wait_start(&w);
	do {
		if (wait_signal() != 0) {
			errno = EINTR;
			rc = -1;
			break;
		}
		rc = take(o, choice->type, flags | (wait_left(&w) == 0 ? IPC_NOWAIT : 0),
			m);
	} while (rc < 0 && errno == EINTR);
	wait_stop();
	if (rc < 0 && errno == ENOMSG)
		errno = EAGAIN;
	return rc;
}

static int
peek(const struct object *o, long place, struct message *m)
{
	int rc = take(o, place, IPC_NOWAIT | MSG_COPY, m);
	struct msqid_ds ds;

	/* EINVAL is both a queue that has gone and a message that is too large. */
	if (rc < 0 && errno == EINVAL)
		errno = msgctl(o->fact[FACT_ID], IPC_STAT, &ds) == 0 ? E2BIG : EINVAL;
	return rc;
}

const struct queue_ops sysv_queue_ops = {
	.largest = largest,
	.send = send,
	.receive = receive,
	.peek = peek,
};
