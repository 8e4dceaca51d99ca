/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/selection.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/resolve.h"
#include "kind/access.h"
#include "kind/ref.h"
#include "lib/message.h"
#include "process/naming.h"
#include "process/proc.h"

/* Whether an object is never chosen, whatever the conditions say. */
static bool
is_excluded(const struct gather *g, const struct object *o)
{
	return g->select != NULL && exclusions_have(&g->select->except, o);
}

/* Counts a candidate of --stale that is not, unless another condition passes over it. */
static void
summarize(struct gather *g, const struct object *o)
{
	struct selector others = g->select->selector;

	others.stale = false;
	if (object_has(o, FACT(STALE)) && selector_match(&others, o) == MATCH_YES)
		summary_add(&g->summary, o, &g->derive.verdict);
}

bool
gather_chooses(struct gather *g, struct object *o, bool named)
{
	const struct selector *selector = g->has_conditions ? &g->select->selector : NULL;
	enum match match;

	if (is_excluded(g, o))
		return false;
	/* What costs little decides first. */
	if (selector != NULL && selector_match(selector, o) == MATCH_NO)
		return false;
	/* Of what was saved there is nothing more to be found out, and no waiter is
	 * known. */
	if (g->source.dir == NULL)
		derive_facts(&g->derive, o);
	else
		object_set(o, FACT_WAITED, 0);
	match = selector == NULL ? MATCH_YES : selector_match(selector, o);
	g->undecided += match == MATCH_UNKNOWN;
	if (match != MATCH_YES) {
		if (selector->stale)
			summarize(g, o);
		return false;
	}
	g->stale += selector != NULL && selector->stale;
	/* Who names an object by reference alone means it. */
	if ((named && selector == NULL) || g->keep == NULL ||
		!exclusions_have(g->keep, o))
		return true;
	g->kept++;
	return false;
}

/* Notes why facts of an object are missing: its source says that of its own; NULL
 * where that has been noted already. */
static void
note_unread(struct gather *g, const struct object *o, struct source *source)
{
	facts_t missing = g->wanted & o->kind->facts & ~o->have;
	const char *kind = o->kind->name;

	if (g->source.dir != NULL) {
		unread_note(g->unread, kind,
			source != NULL ? source_why(source) : SOURCE_COPY_LACKS);
	} else if (missing & ~FACTS_DERIVED) {
		if (source != NULL)
			unread_note(g->unread, kind, source_why(source));
	} else {
		if ((missing & FACT(USES)) &&
			scan_maps_unknown(g->derive.evidence.scan) != NULL)
			unread_note(g->unread, kind, derive_why(&g->derive));
		else if (missing & FACT(USES))
			unread_note(g->unread, kind,
				"processes that could not be looked at may use them");
		if ((missing & FACT(USER)) && !g->derive.context.proc_is_ours)
			unread_note(g->unread, kind,
				"/proc does not show this PID namespace");
		else if (missing & ~FACT(USES))
			unread_note(g->unread, kind, "the semaphores may not be read");
	}
}

/* Hands an object on, and finds out whether all of it could be printed. */
static void
hand_on_object(struct gather *g, gather_fn *fn, void *arg, const char *text,
	struct object *o, struct source *source)
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
	while (!ferror(stdout) && source_next(source, &o) == 1)
		if (gather_chooses(g, &o, false))
			hand_on_object(g, fn, arg, NULL, &o, source);
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
			return g->operands->types & KIND_BIT(i);
	return false;
}

static enum status
gather_named(struct gather *g, gather_fn *fn, void *arg)
{
	struct targets targets = {
		.source = g->source,
		.unread = g->unread,
		.missing = g->missing,
		.arg = arg,
	};
	enum status status =
		targets_find(&targets, g->operands, g->wanted, g->missing_is_fine);

	for (size_t i = 0; i < targets.count && !ferror(stdout); i++) {
		struct target *t = &targets.list[i];

		if (is_among_types(g, t->object.kind))
			continue;
		if (gather_chooses(g, &t->object, true))
			hand_on_object(g, fn, arg, t->text, &t->object, NULL);
		else if (g->tells_unchosen)
			say("%s: %s", t->text,
				is_excluded(g, &t->object)
					? "it is excluded (--except)"
					: "the conditions do not choose it");
	}
	targets_free(&targets);
	return status;
}

/* Takes over what the options say. */
static void
take_options(struct gather *g)
{
	const struct opt_select *select = g->select;

	if (select == NULL)
		return;
	g->wanted |= selector_needs(&select->selector);
	if (select->except.count > 0 || (g->keep != NULL && g->keep->count > 0))
		g->wanted |= EXCLUSION_FACTS;
	g->derive.context.alone = select->alone;
	g->derive.context.has_grace = select->has_grace;
	g->derive.context.grace = select->grace;
	g->derive.pids = select->selector.pids.list;
	g->derive.pids_count = select->selector.pids.count;
	g->has_conditions = selector_is_given(&select->selector);
}

enum status
gather(struct gather *g, gather_fn *fn, void *arg)
{
	enum status status = STATUS_OK;

	take_options(g);
	g->derive.wanted = g->wanted & FACTS_DERIVED;
	g->derive.also = g->also;
	g->derive.what = g->scan;
	g->derive.kinds = opt_operands_kinds(g->operands);
	g->derive.context.confirms = g->confirms;
	derive_start(&g->derive);
	g->wanted |= derive_needs(g->derive.wanted) | FACT(ID);

	for (size_t i = 0; i < kinds_count; i++)
		if (g->operands->types & KIND_BIT(i))
			status = cmd_worse(status, gather_kind(g, kinds[i], fn, arg));
	if (g->operands->count > 0)
		status = cmd_worse(status, gather_named(g, fn, arg));
	return status;
}

/* Says that --pid names a process that is not the one which the objects chosen record. */
static void
say_reused(pid_t pid, const struct context *c)
{
	struct buf text = { 0 };
	struct proc p;

	naming_process(c, pid, "", &text);
	if (proc_read(pid, &p) == 0) {
		buf_str(&text, ", started ");
		naming_time(clocks_start(&c->clocks, p.start), &text);
	}
	say("process %d is now another one: %s; objects of the former one are chosen",
		(int)pid, buf_text(&text));
	buf_free(&text);
}

void
gather_tell(struct gather *g)
{
	/* The table's word for stale asks in passing; who asks for processes wants to
	 * know. */
	facts_t asked = ((g->derive.wanted | g->also) &
				(FACT(USES) | FACT(TOUCHED) | FACT(WAITED))) |
		(g->unjudged ? FACT(STALE) : 0);
	struct scan *scan = g->derive.evidence.scan;
	size_t hidden = asked == 0 ? 0 : scan_hidden(scan);

	if (g->has_conditions && g->select->selector.stale)
		hidden = scan_hidden(scan);
	if (hidden > 0 && scan_incomplete(scan) != NULL)
		say("not every process could be looked at: %s", scan_incomplete(scan));
	else if (hidden > 0)
		say("%zu process%s could not be looked at%s%s", hidden,
			hidden == 1 ? "" : "es", access_has(CAP_SYS_PTRACE) ? "" : "; ",
			access_has(CAP_SYS_PTRACE) ? "" : derive_advice());
	if (g->derive.reused != 0)
		say_reused(g->derive.reused, &g->derive.context);
	if (g->undecided > 0 && g->derive.pids_count > 0)
		say("%zu object%s could not be judged by --pid: the last processes of %s "
		    "semaphores may not be read",
			g->undecided, g->undecided == 1 ? "" : "s",
			g->undecided == 1 ? "its" : "their");
}

void
gather_tell_summary(struct gather *g)
{
	struct buf text = { 0 };

	if (g->stale > 0 || g->summary.count == 0)
		return;
	summary_text(&g->summary, &text);
	say("nothing is stale: %s", buf_text(&text));
	buf_free(&text);
}

void
gather_again(struct gather *g)
{
	derive_end(&g->derive);
	g->derive.second = (struct evidence){ 0 };
	derive_start(&g->derive);
}

void
gather_end(struct gather *g)
{
	derive_end(&g->derive);
	summary_free(&g->summary);
}
