/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/field-groups.h"

#include "lib/array.h"
#include "process/stale.h"

struct group_field {
	struct field field;
	enum sum sum;
};

#define FIELD(name_, type_, of_, sum_, help_, ...) \
	{ \
		.field = { .column = { name_, type_ }, \
			.of = of_, \
			.flags = FIELD_SUMS __VA_ARGS__, \
			.help = help_ }, \
		.sum = sum_ \
	}

static const struct group_field group_fields[] = {
	FIELD("count", VALUE_NUMBER, FACTS_NUMBER, SUM_COUNT, "number of objects"),
	FIELD("bytes", VALUE_SIZE, FACT(SIZE), SUM_BYTES,
		"bytes of the segments, and in the queues"),
	FIELD("attachments", VALUE_NUMBER, FACT(NATTCH), SUM_ATTACHMENTS,
		"number of attachments to the segments"),
	FIELD("messages", VALUE_NUMBER, FACT(QNUM), SUM_MESSAGES,
		"number of messages in the queues"),
	FIELD("unattached", VALUE_NUMBER, FACT(NATTCH), SUM_UNATTACHED,
		"number of segments without attachments"),
	FIELD("rss", VALUE_SIZE, FACT(RSS), SUM_RSS, "bytes of the segments in memory",
		| FIELD_COSTLY),
	FIELD("swap", VALUE_SIZE, FACT(SWAP), SUM_SWAP, "bytes of the segments in swap",
		| FIELD_COSTLY),
	FIELD("stale", VALUE_NUMBER, FACT(STALE), SUM_STALE, "number of stale objects",
		| FIELD_COSTLY),
	FIELD("unknown", VALUE_NUMBER, FACT(STALE), SUM_UNKNOWN,
		"number of objects that may be stale: it cannot be determined",
		| FIELD_COSTLY),
};

static const struct field *
group_field_at(size_t i)
{
	return i < ARRAY_SIZE(group_fields) ? &group_fields[i].field : NULL;
}

const struct field_set fields_of_groups = {
	.at = group_field_at,
	.names = "count,bytes,attachments,messages,unattached",
};

/* What an object adds to a sum. */
static uint64_t
share(enum sum sum, uint64_t fact)
{
	switch (sum) {
	case SUM_COUNT:
		return 1;
	case SUM_UNATTACHED:
		return fact == 0;
	case SUM_STALE:
		return fact == STALE_YES;
	case SUM_UNKNOWN:
		return fact == STALE_UNKNOWN;
	default:
		return fact;
	}
}

void
group_add(struct object_group *g, const struct object *o)
{
	for (size_t i = 0; i < ARRAY_SIZE(group_fields); i++) {
		const struct field *f = &group_fields[i].field;
		enum sum sum = group_fields[i].sum;

		if (field_is_unread(f, o))
			g->unread[sum] = true;
		else if (field_of_kind(f, o->kind))
			g->sums[sum] += share(sum, o->fact[__builtin_ctzll(f->of)]);
	}
}

/* The row of a field in the table, or NULL for the key. */
static const struct group_field *
row_of(const struct field *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(group_fields); i++)
		if (&group_fields[i].field == f)
			return &group_fields[i];
	return NULL;
}

bool
group_is_unread(const struct field *f, const struct object_group *g)
{
	const struct group_field *row = row_of(f);

	return row != NULL && g->unread[row->sum];
}

void
group_get(const struct field *f, const struct object_group *g, struct value *v)
{
	const struct group_field *row = row_of(f);

	if (row == NULL) {
		*v = g->key;
		return;
	}
	v->type = f->column.type;
	v->state = g->unread[row->sum] ? VALUE_UNREAD : VALUE_SET;
	v->number = g->sums[row->sum];
}
