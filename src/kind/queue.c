/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/queue.h"

#include <string.h>
#include <unistd.h>

#include "kind/kind.h"

void
message_begin(struct message *m, long number)
{
	m->raw.len = 0;
	buf_add(&m->raw, &number, sizeof number);
}

long
message_number(const struct message *m)
{
	long number;

	memcpy(&number, m->raw.data, sizeof number);
	return number;
}

const char *const numbering_names[] = {
	[NUMBERING_MTYPE] = "mtype",
	[NUMBERING_PRIO] = "prio",
};

void
numbering_put_kinds(enum numbering numbering, struct buf *b)
{
	const char *joint = "";

	for (size_t i = 0; i < kinds_count; i++) {
		if (kinds[i]->queue == NULL || kinds[i]->queue->numbering != numbering)
			continue;
		buf_printf(b, "%s%s", joint, kinds[i]->name);
		joint = ", ";
	}
}

int
queue_open(struct queue *q, const struct object *o, unsigned access, struct buf *cause)
{
	const struct queue_ops *ops = o->kind->queue;

	*q = (struct queue){ .object = o, .fd = -1 };
	return ops->open == NULL ? 0 : ops->open(q, access, cause);
}

void
queue_close(struct queue *q)
{
	if (q->fd >= 0)
		close(q->fd);
	q->fd = -1;
}

uint64_t
queue_most(const struct queue *q)
{
	const struct object *o = q->object;
	uint64_t most = o->kind->queue->largest(q);

	if (object_has(o, FACT(QBYTES)) && o->fact[FACT_QBYTES] < most)
		most = o->fact[FACT_QBYTES];
	return most;
}
