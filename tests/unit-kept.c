/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Objects that are kept in few bytes and restored. */

#include "kind/kept.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind/kind.h"
#include "kind/label.h"
#include "tap.h"

static bool
is_same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
is_same_label(const struct label *a, const struct label *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a != b && is_same_text(a->ref, b->ref) &&
		is_same_text(a->shown, b->shown) && is_same_text(a->name, b->name) &&
		is_same_text(a->path, b->path);
}

/* Checks that an object is restored with all that is known of it, and no more. */
static void
check(const char *name, const struct object *o)
{
	struct kept *k = kept_make(o);
	struct object now;

	memset(&now, 0xff, sizeof now);
	kept_object(k, &now);
	ok(now.kind == o->kind, "%s: the kind", name);
	ok(now.have == o->have && now.unknown == o->unknown && now.read == o->read,
		"%s: what is known, and when it was read", name);
	for (unsigned f = 0; f < FACT_COUNT; f++) {
		uint64_t wanted = object_has(o, FACT_BIT(f)) ? o->fact[f] : 0;

		if (now.fact[f] != wanted)
			ok(false, "%s: fact %u is %" PRIu64 ", not %" PRIu64, name, f,
				now.fact[f], wanted);
	}
	ok(now.semaphores == o->semaphores && now.uses == o->uses &&
			now.uses_count == o->uses_count && now.ns == o->ns &&
			now.context == NULL,
		"%s: what it points to", name);
	ok(is_same_label(now.label, o->label), "%s: the label", name);
	ok(is_same_text(now.verdict, object_has(o, FACT(REASON)) ? o->verdict : NULL) &&
			is_same_text(now.reason,
				object_has(o, FACT(REASON)) ? o->reason : NULL),
		"%s: the verdict", name);
	free(k);
}

static void
check_numbers(struct object o)
{
	static const uint64_t numbers[] = { 0, 1, 0x7f, 0x80, 0x3fff, 0x4000, UINT32_MAX,
		(uint64_t)INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX };
	char name[64];

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		for (unsigned f = 0; f < FACT_COUNT; f++)
			o.fact[f] = numbers[i];
		snprintf(name, sizeof name, "all facts are %" PRIu64, numbers[i]);
		check(name, &o);
	}
}

int
main(void)
{
	static const char room[1];
	const facts_t all = FACT_BIT(FACT_COUNT) - 1;
	const struct label label = { "pshm:/a%20b", "a b", "/dev/shm/a b" };
	const struct label unnamed = { "pshm:#7", NULL, NULL };
	struct object o = { .kind = kinds[kinds_count - 1] };

	check("no fact", &o);
	o.fact[FACT_SIZE] = 5; /* left from another object */
	check("a number that is not known", &o);
	object_set(&o, FACT_SIZE, 6);
	o.read = INT64_MAX;
	check("one fact", &o);
	o.read = -1;
	o.unknown = all & ~FACT(SIZE);
	check("facts that cannot be determined", &o);
	o.label = &unnamed;
	check("a label without a name", &o);
	o.label = &label;
	check("a label", &o);
	o.verdict = "no: a reason";
	o.reason = o.verdict + 4;
	check("a verdict that is not known", &o);
	o.have = o.unknown = all;
	check("a label and a verdict", &o);
	o.label = NULL;
	check("a verdict", &o);
	o.verdict = o.reason = "";
	check("an empty verdict", &o);
	o.label = &label;
	o.semaphores = (const void *)room;
	o.uses = (const void *)room;
	o.uses_count = SIZE_MAX;
	o.context = (const void *)room;
	check_numbers(o);
	for (size_t i = 0; i < kinds_count; i++) {
		o.kind = kinds[i];
		check(o.kind->name, &o);
	}
	return done_testing();
}
