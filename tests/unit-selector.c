/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The result of conditions for an object: yes, no, or unknown if a fact that decides was
 * not read.  One condition that fails decides, whatever is unknown. */

#include "report/selector.h"

#include <string.h>

#include "kind/kind.h"
#include "process/stale.h"
#include "tap.h"

static const time_t now = 1000000;

/* A segment and a queue with all facts that the conditions need. */
static struct object
segment(void)
{
	struct object o = { .kind = kind_by_name("shm", 3), .read = now };

	object_set(&o, FACT_UID, 1000);
	object_set(&o, FACT_CUID, 1001);
	object_set(&o, FACT_GID, 100);
	object_set(&o, FACT_KEY, 0xfffffff0);
	object_set(&o, FACT_MODE, 01640); /* marked for removal: dest */
	object_set(&o, FACT_SIZE, 4096);
	object_set(&o, FACT_NATTCH, 0);
	object_set(&o, FACT_CTIME, now - 100);
	object_set(&o, FACT_ATIME, now - 50);
	object_set(&o, FACT_DTIME, now - 10);
	object_set(&o, FACT_STALE, STALE_YES);
	object_set(&o, FACT_TOUCHED, 1);
	object_set(&o, FACT_WAITED, 0);
	return o;
}

static struct object
queue(void)
{
	struct object o = { .kind = kind_by_name("msg", 3), .read = now };

	object_set(&o, FACT_QNUM, 0);
	object_set(&o, FACT_MODE, 01600);
	object_set(&o, FACT_SIZE, 0);
	object_set(&o, FACT_CTIME, now - 100);
	object_set(&o, FACT_STIME, 0);
	object_set(&o, FACT_RTIME, 0);
	object_set(&o, FACT_WAITED, 0);
	return o;
}

/* A condition, the facts that it needs, and its result for the segment. */
struct wanted {
	const char *name;
	struct selector selector;
	facts_t needs;
	enum match match;
};

#define ANY(...) \
	{ \
		.list = (uint32_t[]){ __VA_ARGS__ }, \
		.count = sizeof(uint32_t[]){ __VA_ARGS__ } / sizeof(uint32_t) \
	}

#define PERM(how_, bits_) \
	{ \
		.list = (struct perm[]){ { .how = how_, .bits = bits_ } }, .count = 1 \
	}

#define STATES(...) \
	{ \
		.list = (const char *[]){ __VA_ARGS__ }, \
		.count = sizeof(const char *[]){ __VA_ARGS__ } / sizeof(char *) \
	}

static const struct wanted conditions[] = {
	{ "the owner", { .users = ANY(1000) }, FACT(UID), MATCH_YES },
	{ "one of two owners", { .users = ANY(5, 1000) }, FACT(UID), MATCH_YES },
	{ "another owner", { .users = ANY(1001) }, FACT(UID), MATCH_NO },
	{ "the creator", { .creators = ANY(1001) }, FACT(CUID), MATCH_YES },
	{ "another creator", { .creators = ANY(1000) }, FACT(CUID), MATCH_NO },
	{ "the group", { .groups = ANY(100) }, FACT(GID), MATCH_YES },
	{ "another group", { .groups = ANY(101) }, FACT(GID), MATCH_NO },
	{ "the key", { .keys = ANY(0xfffffff0) }, FACT(KEY), MATCH_YES },
	{ "no key", { .keys = ANY(0) }, FACT(KEY), MATCH_NO },
	{ "at least its size", { .has_min_size = true, .min_size = 4096 }, FACT(SIZE),
		MATCH_YES },
	{ "more", { .has_min_size = true, .min_size = 4097 }, FACT(SIZE), MATCH_NO },
	{ "at most its size", { .has_max_size = true, .max_size = 4096 }, FACT(SIZE),
		MATCH_YES },
	{ "less", { .has_max_size = true, .max_size = 4095 }, FACT(SIZE), MATCH_NO },
	{ "its mode", { .perms = PERM(PERM_EXACT, 0640) }, FACT(MODE), MATCH_YES },
	{ "a part of its mode", { .perms = PERM(PERM_EXACT, 0600) }, FACT(MODE),
		MATCH_NO },
	{ "all of some bits", { .perms = PERM(PERM_ALL, 0600) }, FACT(MODE), MATCH_YES },
	{ "all of bits of which it has some", { .perms = PERM(PERM_ALL, 0660) },
		FACT(MODE), MATCH_NO },
	{ "all of no bits", { .perms = PERM(PERM_ALL, 0) }, FACT(MODE), MATCH_YES },
	{ "any of some bits", { .perms = PERM(PERM_ANY, 0044) }, FACT(MODE), MATCH_YES },
	{ "any of other bits", { .perms = PERM(PERM_ANY, 0033) }, FACT(MODE), MATCH_NO },
	{ "any of no bits", { .perms = PERM(PERM_ANY, 0) }, FACT(MODE), MATCH_YES },
	{ "its state", { .states = STATES("dest") }, FACT(MODE), MATCH_YES },
	{ "another state", { .states = STATES("locked") }, FACT(MODE), MATCH_NO },
	{ "one of two states", { .states = STATES("locked", "dest") }, FACT(MODE),
		MATCH_YES },
	{ "messages, which are for queues", { .has_min_messages = true }, 0, MATCH_NO },
	{ "unattached", { .unattached = true }, FACT(NATTCH) | FACT(USED), MATCH_YES },
	{ "a process", { .pids = ANY(1) }, FACT(TOUCHED), MATCH_YES },
	{ "stale", { .stale = true }, FACT(STALE), MATCH_YES },
	{ "empty, which is for queues", { .empty = true }, 0, MATCH_NO },
};

static void
test_alone(void)
{
	for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
		const struct wanted *w = &conditions[i];
		struct object o = segment();

		is_int(selector_match(&w->selector, &o), w->match, "%s", w->name);
		ok(selector_is_given(&w->selector), "... is a condition");
		if (w->needs == 0)
			continue;
		is_uint(selector_needs(&w->selector), w->needs, "... needs that fact");
		o.have &= ~w->needs;
		is_int(selector_match(&w->selector, &o), MATCH_UNKNOWN,
			"... and gives no answer without it");
		o.have = w->needs;
		is_int(selector_match(&w->selector, &o), w->match,
			"... but needs no other");
	}
}

static void
test_none(void)
{
	struct selector none = { 0 };
	struct object o = segment();

	is_int(selector_match(&none, &o), MATCH_YES, "no condition chooses every object");
	o.have = 0;
	is_int(selector_match(&none, &o), MATCH_YES, "... whatever facts are known");
	ok(!selector_is_given(&none), "... and counts as no condition");
}

static void
test_together(void)
{
	struct selector s = { .users = ANY(1000), .has_min_size = true, .min_size = 1 };
	struct object o = segment();

	is_int(selector_match(&s, &o), MATCH_YES, "both hold");
	o.have &= ~FACT(SIZE);
	is_int(selector_match(&s, &o), MATCH_UNKNOWN, "one holds, the other is unknown");
	object_set(&o, FACT_UID, 5);
	is_int(selector_match(&s, &o), MATCH_NO, "one does not, the other is unknown");
	o.have &= ~FACT(UID);
	is_int(selector_match(&s, &o), MATCH_UNKNOWN, "both are unknown");
}

static void
test_stale(void)
{
	struct selector s = { .stale = true };
	struct object o = segment();

	object_set(&o, FACT_STALE, STALE_NO);
	is_int(selector_match(&s, &o), MATCH_NO, "not stale");
	object_set(&o, FACT_STALE, STALE_UNKNOWN);
	is_int(selector_match(&s, &o), MATCH_NO,
		"an object that cannot be judged is not chosen");
}

static void
test_idle(void)
{
	struct selector s = { .has_idle = true, .idle = 10 };
	struct object o = segment();

	is_int(selector_match(&s, &o), MATCH_YES, "idle for exactly this time");
	s.idle = 11;
	is_int(selector_match(&s, &o), MATCH_NO, "the latest time counts");
	s.idle = UINT64_MAX;
	is_int(selector_match(&s, &o), MATCH_NO, "idle for longer than any time");
	s.idle = 0;
	object_set(&o, FACT_DTIME, now + 5);
	is_int(selector_match(&s, &o), MATCH_NO, "active in the future is not idle");
	object_set(&o, FACT_DTIME, now);
	is_int(selector_match(&s, &o), MATCH_YES, "active just now is idle for 0 s");
	object_set(&o, FACT_NATTCH, 1);
	is_int(selector_match(&s, &o), MATCH_NO, "an attached segment is not idle");
	o.have &= ~FACT(ATIME);
	is_int(selector_match(&s, &o), MATCH_UNKNOWN, "one of the times is unknown");

	o = queue();
	is_int(selector_match(&s, &o), MATCH_YES, "a queue without a waiter");
	object_set(&o, FACT_WAITED, 1);
	is_int(selector_match(&s, &o), MATCH_NO, "... and with one");
	o.have &= ~FACT(WAITED);
	is_int(selector_match(&s, &o), MATCH_UNKNOWN, "... if waiters are not known yet");
	s.idle = 101;
	is_int(selector_match(&s, &o), MATCH_NO,
		"... which does not matter if it is too young");
}

static void
test_empty(void)
{
	struct selector s = { .empty = true };
	struct object o = queue();

	is_int(selector_match(&s, &o), MATCH_YES, "an empty queue");
	object_set(&o, FACT_QNUM, 1);
	is_int(selector_match(&s, &o), MATCH_NO, "... and one with a message");
	s = (struct selector){ .has_min_messages = true, .min_messages = 1 };
	is_int(selector_match(&s, &o), MATCH_YES, "at least one message");
	s.min_messages = 2;
	is_int(selector_match(&s, &o), MATCH_NO, "... and not two");
	o.have &= ~FACT(QNUM);
	is_int(selector_match(&s, &o), MATCH_UNKNOWN, "... or not known");
	s = (struct selector){ .states = STATES("dest") };
	is_int(selector_match(&s, &o), MATCH_NO,
		"a queue has no state, whatever its mode");
	o.have &= ~FACT(MODE);
	is_int(selector_match(&s, &o), MATCH_NO,
		"... even if the mode could not be read");
	s = (struct selector){ .unattached = true };
	is_int(selector_match(&s, &o), MATCH_NO, "a queue is never unattached");
	s = (struct selector){ .has_min_size = true };
	o = (struct object){ .kind = kind_by_name("sem", 3) };
	is_int(selector_match(&s, &o), MATCH_NO, "a set has no size");
}

int
main(void)
{
	test_none();
	test_alone();
	test_together();
	test_stale();
	test_idle();
	test_empty();
	return done_testing();
}
