/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>

#include "kind/access.h"
#include "kind/limit.h"
#include "kind/queue.h"
#include "lib/wait.h"
#include "process/in-use.h"
#include "process/naming.h"
#include "sysv/sysv.h"

#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
#endif
#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

static const struct sysv_column columns[] = {
	{ "msqid", FACT_ID, 10, 31 },
	{ "cbytes", FACT_SIZE, 10, 64 },
	{ "qnum", FACT_QNUM, 10, 64 },
	{ "lspid", FACT_LSPID, 10, 31 },
	{ "lrpid", FACT_LRPID, 10, 31 },
	{ "stime", FACT_STIME, 10, 63 },
	{ "rtime", FACT_RTIME, 10, 63 },
	{ 0 },
};

static const struct kind_state states[] = {
	{ 0 },
};

static int
max_index(void)
{
	struct msginfo most;

	return msgctl(0, IPC_INFO, (struct msqid_ds *)&most);
}

static int
count(unsigned long *count)
{
	struct msginfo now;

	if (msgctl(0, MSG_INFO, (struct msqid_ds *)&now) < 0)
		return -1;
	*count = now.msgpool;
	return 0;
}

static int
read_ds(int id, int command, struct object *o)
{
	struct msqid_ds ds;
	int rc = msgctl(id, command, &ds);

	if (rc < 0)
		return -1;
	sysv_from_perm(o, &ds.msg_perm);
	object_set(o, FACT_CTIME, ds.msg_ctime);
	object_set(o, FACT_SIZE, ds.__msg_cbytes);
	object_set(o, FACT_QNUM, ds.msg_qnum);
	object_set(o, FACT_QBYTES, ds.msg_qbytes);
	object_set(o, FACT_LSPID, ds.msg_lspid);
	object_set(o, FACT_LRPID, ds.msg_lrpid);
	object_set(o, FACT_STIME, ds.msg_stime);
	object_set(o, FACT_RTIME, ds.msg_rtime);
	return rc;
}

static int
set_id(int id, const struct object *o)
{
	struct msqid_ds ds = { .msg_qbytes = o->fact[FACT_QBYTES] };

	sysv_to_perm(o, &ds.msg_perm);
	return msgctl(id, IPC_SET, &ds);
}

static int
remove_id(int id)
{
	return msgctl(id, IPC_RMID, NULL);
}

static int
get(const struct creation *what, int flags)
{
	return msgget((key_t)what->key, flags);
}

enum { FIRST_ROOM = 65536 }; /* the first buffer, in bytes of content */

static uint64_t
largest(const struct queue *q)
{
	struct msginfo info;

	(void)q;
	if (msgctl(0, IPC_INFO, (struct msqid_ds *)&info) < 0)
		return INT_MAX;
	return info.msgmax;
}

static void
put_too_large(const struct queue *q, uint64_t size, bool more, struct buf *text)
{
	uint64_t most = largest(q);
	bool by_kernel = size > most;

	buf_printf(text,
		"a message of %s%" PRIu64 " bytes is larger than the %" PRIu64 " that ",
		more ? "more than " : "", size,
		by_kernel ? most : q->object->fact[FACT_QBYTES]);
	buf_str(text,
		by_kernel ? "a message may have (sysctl kernel.msgmax)"
			  : "the queue can ever hold (its qbytes, see ipctool set)");
}

static void
describe(const struct message *m, char *room)
{
	snprintf(room, MESSAGE_TEXT, "type %ld, %zu bytes", message_number(m),
		message_size(m));
}

static void
tell_place(const struct message *m, char *room)
{
	(void)m;
	snprintf(room, MESSAGE_TEXT, ", and is the last in the queue now");
}

static int
id_of(const struct queue *q)
{
	return (int)q->object->fact[FACT_ID];
}

/* Sends a message when there is room, and waits for that. */
static int
send_later(const struct queue *q, const struct message *m, uint64_t timeout)
{
	struct wait w = wait_until(timeout);
	int rc;

	wait_start(&w);
	do {
		if (wait_signal() != 0) {
			errno = EINTR;
			rc = -1;
			break;
		}
		rc = msgsnd(id_of(q), m->raw.data, message_size(m),
			wait_left(&w) == 0 ? IPC_NOWAIT : 0);
	} while (rc < 0 && errno == EINTR);
	wait_stop();
	return rc;
}

static int
send(struct queue *q, const struct message *m, uint64_t timeout)
{
	int rc;

	/* With a timeout of 0 the call is always made, even after a signal, because the
	 * caller may hold a message that must not be lost. */
	if (timeout != 0 && wait_signal() != 0) {
		errno = EINTR;
		return -1;
	}
	/* Mostly there is room, and then no timer is needed. */
	do
		rc = msgsnd(id_of(q), m->raw.data, message_size(m), IPC_NOWAIT);
	while (rc < 0 && errno == EINTR);
	if (rc == 0 || errno != EAGAIN || timeout == 0)
		return rc;
	return send_later(q, m, timeout);
}

/* The bytes of content that fit in m. */
static size_t
room(const struct message *m)
{
	return m->raw.cap - sizeof(long);
}

/* Calls msgrcv(2) with growing buffers until the message fits.  If it does not fit, it
 * stays in the queue. */
static int
take_message(const struct queue *q, long type, int flags, struct message *m)
{
	ssize_t size;

	m->raw.len = 0;
	if (buf_room(&m->raw, FIRST_ROOM) < 0)
		return -1;
	while ((size = msgrcv(id_of(q), m->raw.data, room(m), type, flags)) < 0 &&
		errno == E2BIG && m->raw.cap <= INT_MAX)
		if (buf_room(&m->raw, m->raw.cap * 2) < 0)
			return -1;
	if (size < 0)
		return -1;
	m->raw.len = sizeof(long) + size;
	return 0;
}

/* Receives a message when there is one, and waits for that. */
static int
receive_later(const struct queue *q, const struct message_choice *choice, int flags,
	uint64_t timeout, struct message *m)
{
	struct wait w = wait_until(timeout);
	int rc;

	wait_start(&w);
	do {
		if (wait_signal() != 0) {
			errno = EINTR;
			rc = -1;
			break;
		}
		rc = take_message(q, choice->type,
			flags | (wait_left(&w) == 0 ? IPC_NOWAIT : 0), m);
	} while (rc < 0 && errno == EINTR);
	wait_stop();
	return rc;
}

static int
receive(struct queue *q, const struct message_choice *choice, uint64_t timeout,
	struct message *m)
{
	int flags = choice->except ? MSG_EXCEPT : 0;
	int rc = -1;

	/* If a message is there, no timer is needed.  A signal that came before leaves it
	 * in the queue. */
	errno = EINTR;
	while (rc < 0 && errno == EINTR && wait_signal() == 0)
		rc = take_message(q, choice->type, flags | IPC_NOWAIT, m);
	if (rc < 0 && errno == ENOMSG && timeout != 0)
		rc = receive_later(q, choice, flags, timeout, m);
	if (rc < 0 && errno == ENOMSG)
		errno = EAGAIN;
	return rc;
}

static int
peek(const struct queue *q, long place, struct message *m)
{
	int rc = take_message(q, place, IPC_NOWAIT | MSG_COPY, m);
	struct msqid_ds ds;

	/* EINVAL means either that the queue is gone or that the message is too large. */
	if (rc < 0 && errno == EINVAL)
		errno = msgctl(id_of(q), IPC_STAT, &ds) == 0 ? E2BIG : EINVAL;
	return rc;
}

static const struct queue_ops queue_ops = {
	.numbering = NUMBERING_MTYPE,
	.usual = 1,
	.highest = LONG_MAX,
	.describe = describe,
	.tell_place = tell_place,
	.put_too_large = put_too_large,
	.largest = largest,
	.send = send,
	.receive = receive,
	.peek = peek,
};

/* Whether no process waits on a queue.  The queue itself does not record that. */
static struct verdict
queue_is_unwaited(const struct evidence *e, const struct object *o)
{
	struct verdict v;
	size_t count;

	scan_uses(e->scan, o, &count);
	if (count > 0)
		return stale_no(CAUSE_WAITING);
	if (scan_hidden(e->scan) > 0) {
		v = stale_unknown(CAUSE_SCAN);
		v.count = scan_hidden(e->scan);
		return v;
	}
	return context_is_partial(e->context) ? stale_unknown(CAUSE_NAMESPACE)
					      : stale_yes();
}

/* Whether no messages wait.  Those in a queue with a key wait for a reader that finds the
 * queue by its key. */
static struct verdict
no_message_waits(const struct evidence *e, const struct object *o)
{
	(void)e;
	return o->fact[FACT_KEY] != 0 && o->fact[FACT_QNUM] > 0 ? stale_no(CAUSE_MESSAGES)
								: stale_yes();
}

static const struct stale_ops stale_ops = {
	.conditions = (stale_condition *const[]){ stale_recorded, queue_is_unwaited,
		stale_quiet, no_message_waits, stale_may_know, NULL },
	.by_cost = (stale_condition *const[]){ stale_quiet, no_message_waits,
		stale_recorded, queue_is_unwaited, stale_may_know, NULL },
	.needs = SCAN_USERS | SCAN_WAITERS,
	.has_least_grace = true,
};

/* An ordinary user may examine only their own processes.  A queue that such a user names
 * is refused only because of these.  Returns whether it is refused. */
static bool
refuse_unexamined(
	const struct evidence *e, const struct object *o, struct in_use_answer *a)
{
	struct scan_waiting waiting = scan_waiting(e->scan);

	a->in_use = IN_USE_MAY_BE;
	a->cause = CAUSE_SCAN;
	if (waiting.failed > 0) {
		buf_printf(&a->reason, "%zu process%s could not be examined: %s",
			waiting.failed, waiting.failed == 1 ? "" : "es",
			strerror(waiting.error));
		return true;
	}
	if (waiting.may_wait != 0) {
		naming_process(e->context, waiting.may_wait, "process ", &a->reason);
		buf_str(&a->reason,
			" waits on a queue, and which one it is may not be read (yama)");
		return true;
	}
	if (context_is_partial(e->context)) {
		const struct verdict v = { .stale = STALE_UNKNOWN,
			.cause = CAUSE_NAMESPACE };

		a->cause = CAUSE_NAMESPACE;
		stale_reason(e, o, &v, &a->reason);
		return true;
	}
	a->in_use = IN_USE_NO;
	a->cause = CAUSE_NONE;
	a->unexamined = waiting.denied;
	return false;
}

/* Whether a queue is in use: a process waits on it, or it holds messages. */
static bool
refuse_queue(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	struct verdict v = queue_is_unwaited(e, o);
	bool excused = v.cause == CAUSE_SCAN && scan_incomplete(e->scan) == NULL &&
		!q->by_conditions && !access_has_everywhere(CAP_SYS_PTRACE);

	a->scanned = true;
	if (excused ? refuse_unexamined(e, o, a) : in_use_refuse(e, o, &v, a))
		return true;
	if (o->fact[FACT_QNUM] == 0)
		return false;
	stale_judge(e, o, true, &v);
	if (v.stale == STALE_YES)
		return false;
	a->in_use = IN_USE_YES;
	a->cause = CAUSE_MESSAGES;
	buf_printf(&a->reason, "it holds %" PRIu64 " message%s", o->fact[FACT_QNUM],
		o->fact[FACT_QNUM] == 1 ? "" : "s");
	return true;
}

static void
find_in_use(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	struct verdict v = stale_recorded(e, o);

	if (!in_use_refuse(e, o, &v, a) && !refuse_queue(e, o, q, a) &&
		(q->by_conditions || !q->owned))
		in_use_refuse_known(e, o, a);
}

static bool
queue_is_waited(const struct evidence *e, const struct object *o)
{
	size_t count;

	scan_uses(e->scan, o, &count);
	return count > 0;
}

static const struct in_use_ops in_use_ops = {
	.find = find_in_use,
	.is_waited = queue_is_waited,
	.uses = SCAN_WAITERS,
	.waits = SCAN_WAITERS,
};

enum { L_MSGMNI, L_MSGMAX, L_MSGMNB };

static const struct limit limits[] = {
	[L_MSGMNI] = { "MSGMNI", "message queues", "kernel.msgmni", 0, LIMIT_OBJECTS,
		.counted = true, .most = sysv_most_objects },
	[L_MSGMAX] = { "MSGMAX", "bytes of a message", "kernel.msgmax", 0, LIMIT_OTHER,
		.bytes = true },
	[L_MSGMNB] = { "MSGMNB", "bytes of a new queue", "kernel.msgmnb", 0, LIMIT_QUEUE,
		.bytes = true },
	{ 0 },
};

static int
read_limits(struct limit *l, struct buf *cause)
{
	struct msginfo most, now;

	(void)cause;
	if (msgctl(0, IPC_INFO, (struct msqid_ds *)&most) < 0 ||
		msgctl(0, MSG_INFO, (struct msqid_ds *)&now) < 0)
		return -1;
	l[L_MSGMNI].limit = most.msgmni;
	l[L_MSGMNI].used = now.msgpool;
	l[L_MSGMAX].limit = most.msgmax;
	l[L_MSGMNB].limit = most.msgmnb;
	return 0;
}

#define STAT_FACTS \
	(SYSV_FACTS | FACT(SIZE) | FACT(QNUM) | FACT(QBYTES) | FACT(LSPID) | \
		FACT(LRPID) | FACT(STIME) | FACT(RTIME))

static const struct kind_properties properties = {
	.created = PROPERTY(QBYTES) | SYSV_PROPERTIES,
	.changed = PROPERTY(QBYTES),
	.refused = {
		[PROPERTY_SIZE] =
			"does not apply; --qbytes limits the bytes that the queue holds",
	},
};

const struct sysv sysv_msg = {
	.kind = {
		.name = "msg",
		.noun = "message queue",
		.title = "message queues",
		.short_noun = "queue",
		.short_nouns = "queues",
		.words = (const char *const[]){ "message", "messages", NULL },
		.is_default = true,
		.facts = STAT_FACTS | SYSV_DERIVED,
		.use = FACT_QNUM,
		.use_one = " message",
		.use_many = " messages",
		.columns = "ref,key,owner,mode,size,qbytes,qnum,active,state",
		.states = states,
		.use_bits = 06,
		SYSV_KIND,
		.properties = &properties,
		.stale = &stale_ops,
		.in_use = &in_use_ops,
		.limits = limits,
		.read_limits = read_limits,
		.queue = &queue_ops,
	},
	.proc_path = "/proc/sysvipc/msg",
	.columns = columns,
	.stat_facts = STAT_FACTS,
	.max_index = max_index,
	.count = count,
	.get = get,
	.stat_any = MSG_STAT_ANY,
	.read_ds = read_ds,
	.set_id = set_id,
	.remove_id = remove_id,
};
