/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/msg.h>

#include "limit.h"
#include "ops-msg.h"
#include "sysv.h"

#ifndef MSG_STAT_ANY
#define MSG_STAT_ANY 13
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

static int
limits(const struct kind *kind, struct limit *limits, size_t max)
{
	struct msginfo most, now;

	(void)kind;
	if (msgctl(0, IPC_INFO, (struct msqid_ds *)&most) < 0 ||
		msgctl(0, MSG_INFO, (struct msqid_ds *)&now) < 0)
		return -1;
	return limits_copy(limits, max,
		(const struct limit[]){
			{ "MSGMNI", "message queues", "kernel.msgmni", LIMIT_OBJECTS, 1,
				most.msgmni, true, now.msgpool },
			{ "MSGMAX", "bytes of a message", "kernel.msgmax", LIMIT_OTHER, 1,
				most.msgmax, .bytes = true },
			{ "MSGMNB", "bytes of a new queue", "kernel.msgmnb", LIMIT_QUEUE,
				1, most.msgmnb, .bytes = true },
			{ 0 },
		});
}

#define STAT_FACTS \
	(SYSV_FACTS | FACT(SIZE) | FACT(QNUM) | FACT(QBYTES) | FACT(LSPID) | \
		FACT(LRPID) | FACT(STIME) | FACT(RTIME))

const struct sysv sysv_msg = {
	.kind = {
		.name = "msg",
		.noun = "message queue",
		.title = "message queues",
		.short_noun = "queue",
		.short_nouns = "queues",
		.is_default = true,
		.facts = STAT_FACTS | SYSV_DERIVED,
		.use = FACT_QNUM,
		.use_one = " message",
		.use_many = " messages",
		.columns = "ref,key,owner,mode,size,qbytes,qnum,active,state",
		.states = states,
		.use_bits = 06,
		SYSV_KIND,
		.limits = limits,
		.queue = &sysv_queue_ops,
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
