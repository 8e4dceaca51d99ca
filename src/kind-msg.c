/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/msg.h>

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
info(struct sysv_info *info)
{
	struct msginfo msg;
	int max = msgctl(0, MSG_INFO, (struct msqid_ds *)&msg);

	if (max < 0)
		return -1;
	*info = (struct sysv_info){ max, msg.msgpool };
	return 0;
}

static int
stat_index(int index, struct object *o)
{
	struct msqid_ds ds;
	int id = msgctl(index, MSG_STAT_ANY, &ds);

	if (id < 0)
		return -1;
	object_set(o, FACT_ID, id);
	sysv_set_perm(o, &ds.msg_perm);
	object_set(o, FACT_CTIME, ds.msg_ctime);
	object_set(o, FACT_SIZE, ds.__msg_cbytes);
	object_set(o, FACT_QNUM, ds.msg_qnum);
	object_set(o, FACT_QBYTES, ds.msg_qbytes);
	object_set(o, FACT_LSPID, ds.msg_lspid);
	object_set(o, FACT_LRPID, ds.msg_lrpid);
	object_set(o, FACT_STIME, ds.msg_stime);
	object_set(o, FACT_RTIME, ds.msg_rtime);
	return 0;
}

#define STAT_FACTS                                                                    \
	(SYSV_FACTS | FACT(SIZE) | FACT(QNUM) | FACT(QBYTES) | FACT(LSPID) |           \
	 FACT(LRPID) | FACT(STIME) | FACT(RTIME))

const struct sysv sysv_msg = {
	.kind = {
		.name = "msg",
		.title = "message queues",
		.facts = STAT_FACTS,
		.use = FACT_QNUM,
		.use_one = " message",
		.use_many = " messages",
		.columns = "ref,key,owner,mode,size,qbytes,qnum,active,state",
		.states = states,
	},
	.proc_path = "/proc/sysvipc/msg",
	.columns = columns,
	.stat_facts = STAT_FACTS,
	.info = info,
	.stat_index = stat_index,
};
