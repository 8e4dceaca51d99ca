/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/queue.h"

#include <string.h>

#include "kind/kind.h"

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
