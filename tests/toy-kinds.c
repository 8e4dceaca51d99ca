/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of kinds of tests/ipctool-toy: one kind that can only be read.  Everything
 * that it has no method for must be refused. */

#include <stdlib.h>

#include "kind/kind.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/num.h"
#include "lib/xalloc.h"

/* The toys 1 to 3. */
enum { TOYS = 3 };

struct toys {
	struct source base;
	unsigned given;
};

static void
make_toy(const struct kind *kind, unsigned id, struct object *o)
{
	*o = (struct object){ .kind = kind, .read = time(NULL) };
	object_set(o, FACT_ID, id);
	object_set(o, FACT_MODE, 0600);
	object_set(o, FACT_UID, 0);
}

static struct source *
toys_open(const struct kind *kind, facts_t wanted, const struct source_options *options,
	void (*problem)(const char *text), struct buf *cause)
{
	struct toys *toys = xcalloc(1, sizeof *toys);

	(void)kind;
	(void)wanted;
	(void)options;
	(void)problem;
	(void)cause;
	return &toys->base;
}

static int
toys_next(struct source *s, struct object *o)
{
	struct toys *toys = (struct toys *)s;

	if (toys->given == TOYS)
		return 0;
	make_toy(s->kind, ++toys->given, o);
	return 1;
}

static const char *
toys_why(struct source *s)
{
	(void)s;
	return "toys do not have it";
}

static bool
toys_are_fresh(const struct source *s)
{
	(void)s;
	return true;
}

static size_t
toys_problems(const struct source *s)
{
	(void)s;
	return 0;
}

static void
toys_close(struct source *s)
{
	free(s);
}

static const char *
toys_last_problem(struct source *s)
{
	(void)s;
	return "";
}

static int
toys_find(const struct ref *ref, const struct source_options *options, struct object *o,
	struct buf *cause)
{
	(void)options;
	(void)cause;
	make_toy(ref->kind, ref->number, o);
	return ref->number >= 1 && ref->number <= TOYS;
}

static const struct source_ops toys = {
	.open = toys_open,
	.next = toys_next,
	.why = toys_why,
	.is_fresh = toys_are_fresh,
	.problems = toys_problems,
	.close = toys_close,
	.last_problem = toys_last_problem,
	.find = toys_find,
};

static int
parse_ref(const char *text, struct ref *ref, struct buf *cause)
{
	uint32_t number;

	if (num_id(text, &number) < 0) {
		buf_str(cause, NUM_ID_FORM);
		return -1;
	}
	ref->number = number;
	return 0;
}

static char *
put_ref(const struct object *o, char *at)
{
	return num_put(at, o->fact[FACT_ID]);
}

static size_t
names(const struct object *o, struct ref *refs)
{
	refs[0] = (struct ref){ o->kind, false, o->fact[FACT_ID] };
	return 1;
}

static bool
is_same(const struct object *a, const struct object *b)
{
	return a->fact[FACT_ID] == b->fact[FACT_ID];
}

static const struct kind_state states[] = { { 0 } };

static const struct kind toy = {
	.name = "toy",
	.noun = "toy",
	.title = "toys",
	.short_noun = "toy",
	.short_nouns = "toys",
	.is_default = true,
	.facts = FACT(ID) | FACT(MODE) | FACT(UID) |
		(FACTS_DERIVED & ~(FACT(SEMAPHORES) | FACT(PAGESIZE))),
	.columns = "ref,owner,mode",
	.states = states,
	.parse_ref = parse_ref,
	.put_ref = put_ref,
	.names = names,
	.same = is_same,
	.source = &toys,
};

/* This kind has no source either. */
static const struct kind ghost = {
	.name = "ghost",
	.noun = "ghost",
	.title = "ghosts",
	.short_noun = "ghost",
	.short_nouns = "ghosts",
	.facts = FACT(ID) | FACT(MODE) | FACT(UID),
	.columns = "ref,owner,mode",
	.states = states,
	.parse_ref = parse_ref,
	.put_ref = put_ref,
	.names = names,
	.same = is_same,
};

const struct kind *const kinds[] = { &toy, &ghost };
const size_t kinds_count = ARRAY_SIZE(kinds);
