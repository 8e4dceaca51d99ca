/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/undetermined.h"

#include <stdlib.h>
#include <string.h>

#include "kind/kind.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"
#include "process/in-use.h"

struct undetermined_row {
	char *reason;
	facts_t facts;
	size_t count;
};

static const struct {
	facts_t fact;
	const char *name;
} names[] = {
	{ FACT(USED), "used" },
	{ FACT(USERS), "users" },
	{ FACT(USES) | FACT(TOUCHED), "pids" },
	{ FACT(USER), "command" },
	{ FACT(STALE), "stale" },
	{ FACT(VALUE), "value" },
	{ FACT(NWAIT), "nwait" },
};

/* Appends why it is unknown whether an object is stale. */
static void
put_stale(
	struct derive *d, const struct object *o, const struct verdict *v, struct buf *b)
{
	switch (v->cause) {
	case CAUSE_SCAN:
	case CAUSE_NAMESPACE:
		in_use_put_unseen(&d->evidence, b);
		break;
	default:
		stale_reason(&d->evidence, o, v, b);
	}
}

/* Notes that facts of one more object are unknown. */
static void
add_reason(struct undetermined *u, facts_t facts, const char *reason)
{
	for (size_t i = 0; i < u->count; i++)
		if (strcmp(u->rows[i].reason, reason) == 0) {
			u->rows[i].facts |= facts;
			u->rows[i].count++;
			return;
		}
	u->rows = xgrow(u->rows, u->count, sizeof *u->rows);
	u->rows[u->count++] = (struct undetermined_row){ xstrdup(reason), facts, 1 };
}

void
undetermined_note(struct undetermined *u, struct derive *d, const struct object *o,
	facts_t facts, const struct verdict *verdict)
{
	facts_t derived = facts & FACTS_DERIVED;
	struct buf why = { 0 };

	if (derived == 0)
		o->kind->put_unread(o, &why);
	else if (object_has(o, FACT(USED)) && !used_is_known(o->fact[FACT_USED]))
		o->kind->in_use->put_unknown(&d->evidence, o->fact[FACT_USED], &why);
	else if (derived & ~FACT(STALE))
		in_use_put_unseen(&d->evidence, &why);
	else
		put_stale(d, o, verdict, &why);
	add_reason(u, facts, buf_text(&why));
	buf_free(&why);
}

void
undetermined_say(const struct undetermined *u)
{
	for (size_t i = 0; i < u->count; i++) {
		const struct undetermined_row *row = &u->rows[i];
		struct buf list = { 0 };

		for (size_t n = 0; n < ARRAY_SIZE(names); n++)
			if (row->facts & names[n].fact)
				buf_printf(&list, "%s%s", list.len > 0 ? ", " : "",
					names[n].name);
		say("%s of %zu object%s cannot be determined: %s", buf_text(&list),
			row->count, row->count == 1 ? "" : "s", row->reason);
		buf_free(&list);
	}
}

void
undetermined_free(struct undetermined *u)
{
	for (size_t i = 0; i < u->count; i++)
		free(u->rows[i].reason);
	free(u->rows);
	*u = (struct undetermined){ 0 };
}
