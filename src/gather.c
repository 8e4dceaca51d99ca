/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gather.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "caller.h"
#include "ref.h"
#include "say.h"
#include "stale.h"
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
	/* Of what was saved there is nothing more to be found out, and no waiter is known. */
	if (g->source.dir == NULL)
		look_at(&g->look, o);
	else
		object_set(o, FACT_WAITED, 0);
	return selector == NULL || selector_match(selector, o) == MATCH_YES;
}

/* Notes why facts of an object are missing: its source says that of its own; NULL where that
 * has been noted already. */
static void
note_unread(struct gather *g, const struct object *o, struct source *source)
{
	facts_t missing = g->wanted & o->kind->facts & ~o->have;
	const char *kind = o->kind->name;

	if (g->source.dir != NULL) {
		unread_note(g->unread, kind, SOURCE_COPY_LACKS);
	} else if (missing & ~FACTS_DERIVED) {
		if (source != NULL)
			unread_note(g->unread, kind, source_why(source));
	} else {
		if (missing & FACT(USES))
			unread_note(g->unread, kind,
				"processes that could not be looked at may use them");
		if (missing & ~FACT(USES))
			unread_note(g->unread, kind, "the semaphores may not be read");
	}
}

/* Hands an object on, and finds out whether all of it could be printed. */
static void
hand_on(struct gather *g, gather_fn *fn, void *arg, const char *text, struct object *o,
	struct source *source)
{
	size_t before = g->unread == NULL ? 0 : g->unread->values;

	fn(arg, text, o);
	g->unjudged |= (g->firm & FACT(STALE)) && object_has(o, FACT(STALE)) &&
		o->fact[FACT_STALE] == STALE_UNKNOWN;
	if (g->unread != NULL && g->unread->values > before)
		note_unread(g, o, source);
}

static enum status
gather_kind(struct gather *g, const struct kind *kind, gather_fn *fn, void *arg)
{
	struct buf cause = { 0 };
	enum status status = STATUS_OK;
	struct source *source;
	struct object o;

	source = source_open(kind, g->wanted & kind->facts, &g->source, say_text, &cause);
	if (source == NULL) {
		say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return STATUS_SOME;
	}
	while (!ferror(stdout) && source_next(source, &o) == 1) {
		bool walked = scan_is_done(g->look.walk);

		if (!gather_chooses(g, &o))
			continue;
		g->fresh = source_is_fresh(source) &&
			scan_is_done(g->look.walk) == walked;
		hand_on(g, fn, arg, NULL, &o, source);
	}
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
	struct targets targets = { .source = g->source, .unread = g->unread };
	enum status status =
		targets_find(&targets, g->operands, g->wanted, g->missing_is_fine);

	g->fresh = false;
	for (size_t i = 0; i < targets.count && !ferror(stdout); i++) {
		struct target *t = &targets.list[i];

		if (is_among_types(g, t->object.kind))
			continue;
		if (gather_chooses(g, &t->object))
			hand_on(g, fn, arg, t->text, &t->object, NULL);
		else if (g->tells_unchosen)
			say("%s: the conditions do not choose it", t->text);
	}
	targets_free(&targets);
	return status;
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
		if (!selector_is_given(&g->select->selector))
			g->select = NULL;
	}
	g->look.wanted = g->wanted & FACTS_DERIVED;
	g->look.also = g->also;
	g->look.kinds = opt_operands_kinds(g->operands);
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
	facts_t asked = ((g->look.wanted | g->also) &
				(FACT(USES) | FACT(TOUCHED) | FACT(WAITED))) |
		(g->unjudged ? FACT(STALE) : 0);
	size_t hidden = asked == 0 ? 0 : look_hidden(&g->look);

	if (g->select != NULL && g->select->selector.stale)
		hidden = look_hidden(&g->look);
	if (hidden > 0 && look_blind(&g->look) != NULL)
		say("not every process could be looked at: %s", look_blind(&g->look));
	else if (hidden > 0)
		say("%zu process%s could not be looked at%s", hidden,
			hidden == 1 ? "" : "es",
			caller_has(CAP_SYS_PTRACE) ? "" : "; run as root for the rest");
	look_end(&g->look);
}
