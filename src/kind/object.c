/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/object.h"

#include <string.h>

#include "kind/kind.h"
#include "kind/label.h"
#include "lib/array.h"
#include "lib/num.h"

const struct recorded recorded[] = {
	{ FACT_CPID, FACT(CTIME), "creator" },
	{ FACT_LPID, FACT(ATIME) | FACT(DTIME), "last user" },
	{ FACT_LSPID, FACT(STIME), "last sender" },
	{ FACT_LRPID, FACT(RTIME), "last receiver" },
};
const size_t recorded_count = ARRAY_SIZE(recorded);

time_t
object_active(const struct object *o)
{
	return object_latest(o, FACTS_TIMES);
}

time_t
object_latest(const struct object *o, facts_t times)
{
	time_t latest = 0;

	times &= o->have;
	for (; times != 0; times &= times - 1) {
		time_t t = (time_t)o->fact[__builtin_ctzll(times)];

		if (t > latest)
			latest = t;
	}
	return latest;
}

uint64_t
object_number(const struct object *o)
{
	return o->fact[o->kind->number];
}

bool
object_put_use(const struct object *o, char text[USE_SIZE])
{
	const struct kind *kind = o->kind;
	facts_t use = FACT_BIT(kind->use);
	uint64_t n = o->fact[kind->use];

	if (kind->use_one == NULL || !object_has(o, use) || (o->unknown & use))
		return false;
	if (kind->use_before != NULL)
		text = stpcpy(text, kind->use_before);
	strcpy(num_put(text, n), n == 1 ? kind->use_one : kind->use_many);
	return true;
}

struct identity
object_identity(const struct object *o)
{
	return (struct identity){ o->kind, object_number(o), o->label };
}

int
identity_compare(const struct identity *a, const struct identity *b)
{
	if (a->kind != b->kind)
		return kind_compare(a->kind, b->kind);
	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return a->label == NULL ? 0 : strcmp(a->label->ref, b->label->ref);
}

int
object_compare(const struct object *a, const struct object *b)
{
	const struct identity x = object_identity(a), y = object_identity(b);

	return identity_compare(&x, &y);
}
