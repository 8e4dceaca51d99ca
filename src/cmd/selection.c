/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/selection.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/keep.h"
#include "cmd/resolve.h"
#include "cmd/unread.h"
#include "kind/access.h"
#include "kind/set.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"
#include "process/in-use.h"
#include "process/naming.h"
#include "process/proc.h"

/* Whether an object is excluded, whatever the conditions say. */
static bool
is_excluded(const struct selection *s, const struct object *o)
{
	return s->request->select != NULL &&
		exclusions_have(&s->request->select->except, o);
}

/* Counts a candidate of --stale that is not stale, unless it fails another condition. */
static void
summarize(struct selection *s, const struct object *o)
{
	struct selector others = s->request->select->selector;

	others.stale = false;
	if (object_has(o, FACT(STALE)) && selector_match(&others, o) == MATCH_YES)
		summary_add(&s->request->outcome->summary, o, &s->derive.verdict);
}

/* Notes which facts that were asked for could not be determined. */
static void
note_undetermined(struct selection *s, const struct object *o, enum match match)
{
	facts_t asked = s->request->firm, facts;

	if (!in_use_tells(o->kind) || match == MATCH_NO)
		return;
	if (s->has_conditions && match == MATCH_UNKNOWN)
		asked |= selector_needs(&s->request->select->selector);
	facts = asked & o->unknown;
	if ((asked & (FACT(STALE) | FACT(CAUSE) | FACT(REASON))) &&
		object_has(o, FACT(STALE)) && o->fact[FACT_STALE] == STALE_UNKNOWN)
		facts |= FACT(STALE);
	if (facts != 0)
		undetermined_note(&s->request->outcome->undetermined, &s->derive, o,
			facts, &s->derive.verdict);
}

bool
selection_chooses(struct selection *s, struct object *o, bool named)
{
	const struct selector *selector =
		s->has_conditions ? &s->request->select->selector : NULL;
	struct outcome *outcome = s->request->outcome;
	enum match match;

	if (is_excluded(s, o))
		return false;
	/* The cheap conditions decide first. */
	if (selector != NULL && selector_match(selector, o) == MATCH_NO)
		return false;
	/* For a saved copy the processes cannot be examined, and no waiters are known. */
	if (s->request->source.dir == NULL)
		derive_facts(&s->derive, o);
	else
		object_set(o, FACT_WAITED, 0);
	match = selector == NULL ? MATCH_YES : selector_match(selector, o);
	note_undetermined(s, o, match);
	outcome->undecided += match == MATCH_UNKNOWN && !in_use_tells(o->kind) &&
		s->derive.pids_count > 0;
	if (match != MATCH_YES) {
		if (selector->stale)
			summarize(s, o);
		return false;
	}
	outcome->stale += selector != NULL && selector->stale;
	/* An object that is only named by reference is not kept. */
	if ((named && selector == NULL) || s->request->keep == NULL ||
		!exclusions_have(s->request->keep, o))
		return true;
	outcome->kept++;
	return false;
}

static bool
may_read_semaphores(const struct object *o)
{
	pid_t pid;

	return o->kind->set == NULL || o->kind->set->get_pid(o, 0, &pid) == 0;
}

/* Notes why facts of an object are missing.  source is NULL if its reason has already
 * been noted. */
static void
note_unread(struct selection *s, const struct object *o, struct source *source)
{
	facts_t missing = s->wanted & o->kind->facts & ~o->have;
	const char *kind = o->kind->name;
	struct buf *why = &s->request->outcome->unread;

	if (s->request->source.dir != NULL) {
		unread_note(why, kind,
			source != NULL ? source_why(source) : SOURCE_COPY_LACKS);
	} else if (missing & ~FACTS_DERIVED) {
		if (source != NULL)
			unread_note(why, kind, source_why(source));
	} else {
		if ((missing & (FACT(USES) | FACT(PAGESIZE))) &&
			scan_maps_unknown(s->derive.uses) != NULL)
			unread_note(why, kind, derive_why(&s->derive));
		else if (missing & FACT(USES))
			unread_note(why, kind,
				"processes that could not be looked at may use them");
		else if (missing & FACT(PAGESIZE))
			unread_note(why, kind,
				"no process that is attached could be looked at");
		if ((missing & FACT(USER)) && !s->derive.context.proc_is_ours)
			unread_note(why, kind, "/proc does not show this PID namespace");
		else if ((missing & FACT(USER)) && may_read_semaphores(o) &&
			scan_hidden(s->derive.uses) > 0)
			unread_note(why, kind,
				"processes that could not be looked at may use them");
		else if ((missing & FACT(USER)) && may_read_semaphores(o))
			unread_note(why, kind, "a recorded process could not be read");
		else if (missing & ~(FACT(USES) | FACT(PAGESIZE)))
			unread_note(why, kind, "the semaphores may not be read");
	}
}

/* Reads the semaphores of a set.  -1 if it is gone. */
static int
read_semaphores(struct selection *s, struct object *o)
{
	struct semaphore *semaphores;

	if (o->kind->set == NULL)
		return 0;
	semaphores = xcalloc(o->fact[FACT_NSEMS], sizeof *semaphores);
	if (o->kind->set->get_semaphores(o, semaphores) == 0) {
		o->have |= FACT(SEMAPHORES);
	} else if (kind_is_gone(errno)) {
		free(semaphores);
		return -1;
	}
	o->semaphores = semaphores;
	s->sets = xgrow(s->sets, s->sets_count, sizeof *s->sets);
	s->sets[s->sets_count++] = semaphores;
	return 0;
}

/* Passes an object to the receiver; returns the status. */
static enum status
hand_on(struct selection *s, const struct receiver *receiver, const char *text,
	struct object *o, struct source *source)
{
	if ((s->request->wanted & FACT(SEMAPHORES)) && read_semaphores(s, o) < 0) {
		/* An object of a type was removed before its turn. */
		if (text != NULL)
			say("%s: it has been removed meanwhile", text);
		return text == NULL ? STATUS_OK : STATUS_SOME;
	}
	if (!object_has(o, s->request->firm & o->kind->facts))
		note_unread(s, o, source);
	s->request->outcome->unjudged |= (s->request->firm & FACT(STALE)) &&
		!in_use_tells(o->kind) && object_has(o, FACT(STALE)) &&
		o->fact[FACT_STALE] == STALE_UNKNOWN;
	receiver->object(receiver->arg, text, o);
	return STATUS_OK;
}

static enum status
find_all_of(struct selection *s, const struct kind *kind, const struct receiver *receiver)
{
	struct buf cause = { 0 };
	enum status status = STATUS_OK;
	struct source *source;
	struct object o;

	source = source_open(kind, s->wanted & kind->facts, &s->source, say_text, &cause);
	if (source == NULL) {
		bool is_place = kind->source != NULL && kind->source->is_place;

		if (is_place)
			say_once("%s", buf_text(&cause));
		else
			say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return is_place ? STATUS_USAGE : STATUS_SOME;
	}
	while (!ferror(stdout) && source_next(source, &o) == 1)
		if (selection_chooses(s, &o, false))
			status =
				cmd_worse(status, hand_on(s, receiver, NULL, &o, source));
	if (source_problems(source) > 0)
		status = STATUS_SOME;
	source_close(source);
	return status;
}

static enum status
find_named(struct selection *s, const struct receiver *receiver)
{
	const struct request *request = s->request;
	struct targets targets = {
		.source = s->source,
		.unread = &s->request->outcome->unread,
		.missing = receiver->missing,
		.arg = receiver->arg,
	};
	enum status status = targets_find(
		&targets, request->operands, s->wanted, request->missing_is_fine);

	for (size_t i = 0; i < targets.count && !ferror(stdout); i++) {
		struct target t;

		targets_get(&targets, i, &t);
		if ((request->operands->types & KIND_BIT(kind_index(t.object.kind))))
			continue;
		if (selection_chooses(s, &t.object, true))
			status = cmd_worse(
				status, hand_on(s, receiver, t.text, &t.object, NULL));
		else if (request->tells_unchosen)
			say("%s: %s", t.text,
				is_excluded(s, &t.object)
					? "it is excluded (--except)"
					: "the conditions do not choose it");
		/* The receiver may keep it. */
		targets_drop(&targets, i);
	}
	targets_free(&targets);
	return status;
}

static void
warn_once(const char *text)
{
	say_once("%s", text);
}

void
selection_start(struct selection *s, const struct request *request)
{
	const struct opt_select *select = request->select;
	struct derive *d = &s->derive;
	facts_t asked = request->firm;

	*s = (struct selection){
		.request = request, .source = request->source, .wanted = request->wanted
	};
	s->source.changes = request->acts;
	s->source.warn = warn_once;
	s->source.shared = &s->shared;
	if (select != NULL) {
		s->has_conditions = selector_is_given(&select->selector);
		s->wanted |= selector_needs(&select->selector);
		if (select->except.count > 0 ||
			(request->keep != NULL && request->keep->count > 0))
			s->wanted |= EXCLUSION_FACTS;
		d->context.alone = select->alone;
		d->context.has_grace = select->has_grace;
		d->context.grace = select->grace;
		d->pids = select->selector.pids.list;
		d->pids_count = select->selector.pids.count;
		s->source.unlinked = select->selector.unlinked;
		asked |= selector_needs(&select->selector);
		d->context.patient = select->selector.stale;
	}
	/* A column of a table is not worth a search. */
	d->context.searches = request->acts || (asked & FACTS_DERIVED) != 0;
	d->context.patient |= request->acts;
	d->context.confirms = request->confirms;
	d->wanted = s->wanted & FACTS_DERIVED;
	d->what = request->scan;
	d->kinds = opt_operands_kinds(request->operands);
	derive_start(d);
	s->wanted |= derive_needs(d->wanted) | FACTS_NUMBER;
}

/* Files are left out: to ask whether one is in use can delay a process that opens it. */
static bool
finds_stale_of(struct selection *s, const struct kind *kind)
{
	struct buf cause = { 0 };
	bool found = false;
	struct source *source;
	struct object o;

	if (kind->is_file || kind->stale == NULL)
		return false;
	source = source_open(kind, s->wanted & kind->facts, &s->source, NULL, &cause);
	buf_free(&cause);
	if (source == NULL)
		return false;
	while (!found && source_next(source, &o) == 1) {
		const struct opt_select *select = s->request->select;

		if (is_excluded(s, &o) ||
			(s->has_conditions &&
				selector_match(&select->selector, &o) == MATCH_NO))
			continue;
		derive_facts(&s->derive, &o);
		found = object_has(&o, FACT(STALE)) && o.fact[FACT_STALE] == STALE_YES;
	}
	source_close(source);
	return found;
}

bool
selection_finds_stale(struct selection *s)
{
	bool confirms = s->derive.context.confirms;
	bool found = false;

	s->derive.context.confirms = false;
	for (size_t i = 0; i < kinds_count && !found; i++)
		if (s->request->operands->types & KIND_BIT(i))
			found = finds_stale_of(s, kinds[i]);
	s->derive.context.confirms = confirms;
	return found;
}

/* Notes if --pid names another process than the one that the selected objects record. */
static void
note_reused(const struct selection *s)
{
	const struct context *c = &s->derive.context;
	struct buf *text = &s->request->outcome->reused;
	pid_t pid = s->derive.reused;
	struct proc p;

	if (pid == 0)
		return;
	text->len = 0;
	buf_printf(text, "process %d is now another one: ", (int)pid);
	naming_process(c, pid, "", text);
	if (proc_read(pid, &p) == 0) {
		buf_str(text, ", started ");
		naming_time(clocks_start(&c->clocks, p.start), text);
	}
	buf_str(text, "; objects of the former one are chosen");
}

/* Notes how many processes could not be examined, if the answer depends on them. */
static void
note_hidden(const struct selection *s)
{
	struct outcome *outcome = s->request->outcome;
	/* For the word "stale" in the table this is not reported; for facts about
	 * processes it is. */
	facts_t asked =
		(s->derive.wanted &
			(FACT(USES) | FACT(PAGESIZE) | FACT(TOUCHED) | FACT(WAITED))) |
		(outcome->unjudged ? FACT(STALE) : 0);
	bool stale = s->has_conditions && s->request->select->selector.stale;
	kinds_t kinds_asked = s->derive.kinds;
	struct scan *scan = scan_hidden(s->derive.uses) > 0 ? s->derive.uses
							    : s->derive.evidence.scan;
	size_t hidden = asked != 0 || stale ? scan_hidden(scan) : 0;

	for (size_t i = 0; i < kinds_count; i++)
		if (in_use_tells(kinds[i]))
			kinds_asked &= ~KIND_BIT(i);
	if (kinds_asked == 0 || hidden <= outcome->hidden)
		return;
	outcome->hidden = hidden;
	outcome->incomplete.len = 0;
	if (scan_incomplete(scan) != NULL)
		buf_str(&outcome->incomplete, scan_incomplete(scan));
}

enum status
selection_run(struct selection *s, const struct receiver *receiver)
{
	const struct opt_operands *operands = s->request->operands;
	enum status status = STATUS_OK;

	for (size_t i = 0; i < kinds_count; i++)
		if (operands->types & KIND_BIT(i))
			status = cmd_worse(status, find_all_of(s, kinds[i], receiver));
	if (operands->count > 0)
		status = cmd_worse(status, find_named(s, receiver));
	note_hidden(s);
	note_reused(s);
	return status;
}

static void
tell_hidden(struct outcome *outcome)
{
	size_t hidden = outcome->hidden;

	if (outcome->incomplete.len > 0)
		say("not every process could be looked at: %s",
			buf_text(&outcome->incomplete));
	else if (hidden > 0)
		say("%zu process%s could not be looked at%s%s", hidden,
			hidden == 1 ? "" : "es",
			access_has_over_processes(CAP_SYS_PTRACE) ? "" : "; ",
			access_has_over_processes(CAP_SYS_PTRACE) ? "" : derive_advice());
}

void
outcome_tell(struct outcome *outcome, size_t unread)
{
	size_t undecided = outcome->undecided;

	unread_say(unread, &outcome->unread);
	undetermined_say(&outcome->undetermined);
	tell_hidden(outcome);
	if (outcome->reused.len > 0)
		say("%s", buf_text(&outcome->reused));
	if (undecided > 0)
		say("%zu object%s could not be judged by --pid: the last processes of %s "
		    "semaphores may not be read",
			undecided, undecided == 1 ? "" : "s",
			undecided == 1 ? "its" : "their");
}

void
outcome_tell_summary(const struct outcome *outcome)
{
	struct buf text = { 0 };

	if (outcome->stale > 0 || outcome->summary.count == 0)
		return;
	summary_text(&outcome->summary, &text);
	say("nothing is stale: %s", buf_text(&text));
	buf_free(&text);
}

enum status
outcome_tell_passed_over(const struct request *request, const char *verb, size_t chosen,
	size_t foreign, bool verbose)
{
	const struct selector *selector = &request->select->selector;
	const struct outcome *outcome = request->outcome;
	bool named = selector->users.count > 0 || selector->creators.count > 0;
	bool all = chosen == 0 && foreign > 0 && named;
	const char *plural = foreign == 1 ? "" : "s", *are = foreign == 1 ? "is" : "are";

	if (all)
		say("%zu object%s of the user named %s passed over: only the owner, the "
		    "creator or root may %s %s",
			foreign, plural, are, verb, foreign == 1 ? "it" : "them");
	else if (foreign > 0 && verbose)
		say("%zu object%s of other users %s passed over", foreign, plural, are);
	if (outcome->kept > 0 && verbose)
		say("%zu object%s kept by %s", outcome->kept,
			outcome->kept == 1 ? " is" : "s are", keep_path);
	if (selector->stale && (verbose || isatty(STDERR_FILENO)))
		outcome_tell_summary(outcome);
	if (chosen == 0 && verbose && request->operands->types != 0 &&
		outcome->summary.count == 0)
		say("no object is chosen");
	return all ? STATUS_SOME : STATUS_OK;
}

void
selection_forget_scan(struct selection *s)
{
	derive_end(&s->derive);
	s->derive.evidence = s->derive.second = (struct evidence){ 0 };
}

void
selection_scan_again(struct selection *s)
{
	selection_forget_scan(s);
	derive_start(&s->derive);
}

void
selection_end(struct selection *s)
{
	derive_end(&s->derive);
	source_shared_end(&s->shared);
	for (size_t i = 0; i < s->sets_count; i++)
		free(s->sets[i]);
	free(s->sets);
}

void
outcome_free(struct outcome *outcome)
{
	summary_free(&outcome->summary);
	undetermined_free(&outcome->undetermined);
	buf_free(&outcome->unread);
	buf_free(&outcome->incomplete);
	buf_free(&outcome->reused);
	*outcome = (struct outcome){ 0 };
}
