/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gather.h"

#include <stdlib.h>
#include <string.h>

#include "ref.h"
#include "say.h"
#include "targets.h"

static void
say_text(const char *text)
{
	say("%s", text);
}

bool
gather_chooses(struct gather *g, struct object *o)
{
	const struct selector *selector = g->select == NULL ? NULL : &g->select->selector;

	/* What costs little decides first. */
	if (selector != NULL && selector_match(selector, o) == MATCH_NO)
		return false;
	look_at(&g->look, o);
	return selector == NULL || selector_match(selector, o) == MATCH_YES;
}

static enum status
gather_kind(struct gather *g, const struct kind *kind, gather_fn *fn, void *arg)
{
	struct buf cause = { 0 };
	enum status status = STATUS_OK;
	struct source *source;
	char text[REF_SIZE];
	facts_t missing = 0;
	struct object o;

	source = source_open(kind, g->wanted & kind->facts, &g->source, say_text, &cause);
	if (source == NULL) {
		say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return STATUS_SOME;
	}
	while (!ferror(stdout) && source_next(source, &o) == 1) {
		missing |= g->wanted & kind->facts & ~o.have & ~FACTS_DERIVED;
		if (!gather_chooses(g, &o))
			continue;
		ref_text(&o, text);
		fn(arg, text, &o);
	}
	if (missing != 0)
		say("%s: not everything could be read: %s", kind->name,
			source_why(source));
	if (source_problems(source) > 0)
		status = STATUS_SOME;
	source_close(source);
	return status;
}

static bool
is_among_types(const struct gather *g, const struct kind *kind)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (kinds[i] == kind)
			return g->operands->types & 1u << i;
	return false;
}

static enum status
gather_named(struct gather *g, gather_fn *fn, void *arg)
{
	struct targets targets = { 0 };
	enum status status =
		targets_find(&targets, g->operands, g->wanted, g->missing_is_fine);

	for (size_t i = 0; i < targets.count && !ferror(stdout); i++) {
		struct target *t = &targets.list[i];

		if (!is_among_types(g, t->object.kind) && gather_chooses(g, &t->object))
			fn(arg, t->text, &t->object);
	}
	targets_free(&targets);
	return status;
}

/* The kinds of all operands, as bits. */
static unsigned
kinds_of(const struct opt_operands *operands)
{
	unsigned all = operands->types;

	for (size_t i = 0; i < operands->count; i++)
		for (size_t k = 0; k < kinds_count; k++)
			if (operands->list[i].ref.kind == kinds[k])
				all |= 1u << k;
	return all;
}

enum status
gather(struct gather *g, gather_fn *fn, void *arg)
{
	enum status status = STATUS_OK;

	if (g->select != NULL) {
		g->wanted |= selector_needs(&g->select->selector);
		g->look.grace = g->select->grace;
		g->look.pids = g->select->selector.pids.list;
		g->look.pids_count = g->select->selector.pids.count;
	}
	g->look.wanted = g->wanted & FACTS_DERIVED;
	g->look.kinds = kinds_of(g->operands);
	g->look.now = time(NULL);
	look_start(&g->look);
	g->wanted |= look_needs(g->look.wanted) | FACT(ID);

	for (size_t i = 0; i < kinds_count; i++)
		if (g->operands->types & 1u << i)
			status = cmd_worse(status, gather_kind(g, kinds[i], fn, arg));
	if (g->operands->count > 0)
		status = cmd_worse(status, gather_named(g, fn, arg));
	return status;
}

void
gather_end(struct gather *g)
{
	/* The table's word for stale asks in passing; who asks for processes wants to know. */
	facts_t asked = g->look.wanted & (FACT(USES) | FACT(TOUCHED) | FACT(WAITED));
	size_t hidden = asked == 0 ? 0 : look_hidden(&g->look);

	if (g->select != NULL && g->select->selector.stale)
		hidden = look_hidden(&g->look);
	if (hidden > 0)
		say("%zu process%s could not be looked at; run as root for the rest",
			hidden, hidden == 1 ? "" : "es");
	look_end(&g->look);
}
