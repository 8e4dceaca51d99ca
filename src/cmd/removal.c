/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/ask.h"
#include "cmd/keep.h"
#include "cmd/removal-ask.h"
#include "cmd/removal-report.h"
#include "cmd/selection.h"
#include "kind/access.h"
#include "kind/ref.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/xalloc.h"
#include "process/rule-times.h"

struct removal {
	const struct removal_options *opt;
	struct selection selection;
	struct exclusions keep;
	struct in_use_caller caller;
	struct report report;
	struct victim *victims;
	size_t count;
	size_t foreign; /* selected objects that the caller may not remove */
	size_t marked; /* selected objects that are already marked for removal */
	bool asked; /* the user has answered a question */
};

static bool
is_going(const struct object *o)
{
	return o->kind->is_marked != NULL && o->kind->is_marked(o);
}

/* --- Choosing ---------------------------------------------------------------------- */

/* Why an object was selected, as text. */
static char *
why_chosen(const struct removal *r, const struct object *o)
{
	const struct selector *selector = &r->opt->select.selector;
	struct buf why = { 0 };
	char *text;

	if (selector->stale && object_has(o, FACT(REASON)))
		buf_printf(&why, "stale: %s", o->reason);
	else
		selector_reason(selector, o, &why);
	text = xstrdup(buf_text(&why));
	buf_free(&why);
	return text;
}

/* Adds an object.  Conditions skip objects that the caller may not remove and those that
 * are already marked; for a reference that the user typed, the answer comes later. */
static void
take_object(void *arg, const char *text, struct object *o)
{
	struct removal *r = arg;

	if (text == NULL && !access_may_change(o)) {
		r->foreign++;
		return;
	}
	if (text == NULL && is_going(o)) {
		r->marked++;
		return;
	}
	r->victims = xgrow(r->victims, r->count, sizeof *r->victims);
	r->victims[r->count++] = (struct victim){
		.text = text == NULL ? NULL : xstrdup(text),
		.by_conditions = text == NULL || r->selection.has_conditions,
		.object = *o,
		.why = why_chosen(r, o),
	};
}

static void
missing(void *arg, const char *text)
{
	struct removal *r = arg;

	report_result(
		&r->report, text, NULL, RESULT_MISSING, "there is no such object", false);
}

/* Whether the selection of an object depends on the scan of the processes. */
static bool
choice_rests(const struct removal *r, const struct victim *v)
{
	const struct selector *s = &r->opt->select.selector;

	return v->by_conditions &&
		(s->stale || s->pids.count > 0 ||
			(s->has_idle && in_use_needs_of_waits(v->object.kind) != 0));
}

/* --- What is refused --------------------------------------------------------------- */

/* Whether the user is told what is in use although it will be removed. */
static bool
tells_use(const struct removal_options *opt)
{
	return opt->verbose || opt->dry_run || opt->writer != NULL || !opt->yes;
}

/* Finds out whether an object is in use, by the current scan of the processes. */
static void
find_use(const struct removal *r, struct victim *v)
{
	const struct selector *s = &r->opt->select.selector;
	struct in_use_question question = {
		.by_conditions = v->by_conditions,
		.owned = in_use_owns(&r->caller, &v->object),
		.knows_attached = s->unattached && !s->stale,
	};
	struct in_use_answer answer;

	in_use_find(&r->selection.derive.evidence, &v->object, &question, &answer);
	victim_set_use(v, &answer);
}

/* Reports that an object is gone; returns the status. */
static enum status
gone(struct removal *r, const char *name, const struct object *o)
{
	bool fine = r->opt->ignore_missing;

	report_result(&r->report, name, o, RESULT_MISSING,
		"it has been removed meanwhile", !fine);
	return fine ? STATUS_OK : STATUS_SOME;
}

/* Reports that an object has been replaced by another one; returns the status. */
static enum status
report_again(struct removal *r, struct victim *v, enum reread again, const char *cause)
{
	char text[VICTIM_NAME];
	const char *name = report_name(v, text);

	v->refused = v->told = true;
	switch (again) {
	case REREAD_GONE:
		return gone(r, name, &v->object);
	case REREAD_ANOTHER:
		report_result(&r->report, name, &v->object, RESULT_KEPT,
			"another object has replaced it meanwhile; that one stays", true);
		return STATUS_SOME;
	default:
		report_result(&r->report, name, &v->object, RESULT_FAILED, cause, true);
		return STATUS_SOME;
	}
}

/* Handles an object that a call reported as gone.  If it still exists, its use is
 * unknown.  Returns the status. */
static enum status
answer_gone(struct removal *r, struct victim *v)
{
	struct buf cause = { 0 };
	struct object now;
	enum reread again = source_reread(&v->object, &now, &cause);
	enum status status = STATUS_SOME;

	if (again == REREAD_SAME) {
		v->in_use = IN_USE_MAY_BE;
		v->refused = true;
	} else {
		status = report_again(r, v, again, buf_text(&cause));
	}
	buf_free(&cause);
	return status;
}

/* Names the processes that may know an unattached segment, which they will lose. */
static void
name_knowers(const struct removal *r, struct victim *v)
{
	const struct selector *s = &r->opt->select.selector;
	struct buf why = { 0 };

	if (!s->unattached || s->stale || !tells_use(r->opt) ||
		!(v->object.kind->facts & FACT(NATTCH)))
		return;
	buf_printf(&why, "%s; ", v->why);
	if (in_use_may_know(&r->selection.derive.evidence, &v->object, &why)) {
		free(v->why);
		v->why = xstrdup(buf_text(&why));
	}
	buf_free(&why);
}

/* Whether an object stays even if no process uses it: it is already marked, or the caller
 * may not remove it.  If so, stores the status. */
static bool
stays_anyway(struct victim *v, enum status *status)
{
	const struct object *o = &v->object;
	struct buf why = { 0 };

	if (is_going(o)) {
		*status = STATUS_OK;
		v->outcome = RESULT_MARKED;
		buf_printf(&why,
			"it is already marked for removal; the kernel removes it after "
			"the last detach (attachments: %" PRIu64 ")",
			o->fact[FACT_NATTCH]);
	} else if (o->kind->may_change == NULL || o->kind->remove == NULL) {
		*status = STATUS_SOME;
		v->outcome = RESULT_REFUSED;
		buf_printf(&why, "ipctool cannot remove %s", o->kind->title);
	} else if (!access_may_change(o)) {
		*status = STATUS_SOME;
		v->outcome = RESULT_REFUSED;
		buf_printf(&why,
			"it belongs to %s: only the owner, the creator or root may "
			"remove it",
			names_user(o->fact[FACT_UID]));
	} else {
		return false;
	}
	v->refused = true;
	v->refusal = xstrdup(buf_text(&why));
	buf_free(&why);
	return true;
}

/* Refuses an object that the caller may not remove or that is in use.  Returns the
 * status. */
static enum status
judge_victim(struct removal *r, struct victim *v)
{
	enum status status;

	v->rests = choice_rests(r, v);
	if (stays_anyway(v, &status))
		return status;
	if (!r->opt->force || tells_use(r->opt))
		find_use(r, v);
	if (r->opt->force)
		return STATUS_OK;
	if (v->in_use == IN_USE_GONE)
		return answer_gone(r, v);
	v->refused = v->in_use != IN_USE_NO;
	if (!v->refused)
		name_knowers(r, v);
	return v->refused ? STATUS_SOME : STATUS_OK;
}

/* --- The second look --------------------------------------------------------------- */

/* Whether to report an object that stays, although that is not a failure. */
static bool
tells_kept(const struct removal *r, const struct victim *v)
{
	return r->asked || r->opt->verbose || !v->by_conditions;
}

/* Whether another program has marked a segment for removal since it was selected. */
static bool
was_marked(const struct removal *r, struct victim *v, const struct object *now)
{
	enum status status;

	if (!is_going(now))
		return false;
	v->object = *now;
	v->told = !tells_kept(r, v);
	return stays_anyway(v, &status);
}

/* Keeps an object that was to be removed.  For conditions that is not a failure, because
 * they do not select it any more.  For a reference it is, because the user wants it
 * removed. */
static enum status
keep_victim(struct removal *r, struct victim *v, const char *reason)
{
	char text[VICTIM_NAME];

	v->refused = v->told = true;
	/* One result is enough, even if there is now a process that may use it. */
	v->in_use = IN_USE_NO;
	report_result(&r->report, report_name(v, text), &v->object, RESULT_KEPT, reason,
		tells_kept(r, v));
	return v->by_conditions ? STATUS_OK : STATUS_SOME;
}

static enum status
look_again(struct removal *r, struct victim *v)
{
	struct buf cause = { 0 };
	struct victim before = *v;
	enum reread again;
	enum status status = STATUS_OK;
	bool chosen, differs;

	again = source_reread(&before.object, &v->object, &cause);
	if (again != REREAD_SAME) {
		v->object = before.object;
		status = report_again(r, v, again, buf_text(&cause));
		buf_free(&cause);
		return status;
	}
	buf_free(&cause);
	if (was_marked(r, v, &v->object))
		return STATUS_OK;
	differs = victim_differs(&before, &v->object);
	chosen = selection_chooses(&r->selection, &v->object, v->text != NULL);
	find_use(r, v);
	if (v->in_use == IN_USE_GONE)
		return answer_gone(r, v);
	if (v->in_use == IN_USE_YES) {
		v->refused = true;
		return STATUS_SOME;
	}
	if (!chosen)
		return keep_victim(
			r, v, "the conditions no longer choose it, so it stays");
	if (differs)
		return keep_victim(r, v, "it was used meanwhile, so it stays");
	v->refused = v->in_use != IN_USE_NO;
	return v->refused ? STATUS_SOME : STATUS_OK;
}

/* Waits until some time after the start of the first scan. */
static void
wait_for_second_look(const struct removal *r)
{
	uint64_t at = scan_began(r->selection.derive.evidence.scan) +
		rule_times.second_look * UINT64_C(1000000);
	const struct timespec then = { at / 1000000000, at % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL) == EINTR)
		continue;
}

/*
 * Scans the processes again before objects are removed on the evidence of the first scan:
 * a service may have had no process for a moment, or may have started while the user read
 * the question.
 */
static enum status
take_second_look(struct removal *r)
{
	enum status status = STATUS_OK;
	size_t resting = 0;

	for (size_t i = 0; i < r->count; i++)
		resting += r->victims[i].rests && !r->victims[i].refused;
	if (resting == 0 || r->opt->force || r->opt->dry_run)
		return STATUS_OK;
	wait_for_second_look(r);
	selection_scan_again(&r->selection);
	for (size_t i = 0; i < r->count; i++)
		if (r->victims[i].rests && !r->victims[i].refused)
			status = cmd_worse(status, look_again(r, &r->victims[i]));
	return status;
}

/* --- Removing ---------------------------------------------------------------------- */

/* Says how many processes may use a queue without the user knowing. */
static void
say_unexamined(const struct victim *v)
{
	char text[VICTIM_NAME];

	if (v->unexamined > 0)
		say("%s: %zu process%s of other users could not be examined and may wait "
		    "on it",
			report_name(v, text), v->unexamined,
			v->unexamined == 1 ? "" : "es");
}

/* Says that an object has been removed, if memory runs out before that is reported. */
static void
say_removed(void *victim)
{
	const struct victim *v = victim;
	char text[VICTIM_NAME];

	fprintf(stderr, "%s: %s: %s\n", getprogname(), report_name(v, text),
		report_is_marked(&v->object) ? "marked for removal" : "removed");
}

static enum status
remove_it(struct removal *r, struct victim *v)
{
	struct buf described = { 0 };
	char text[VICTIM_NAME];
	const char *name = report_name(v, text);
	enum status status = STATUS_OK;

	say_unexamined(v);
	/* Text that is needed after the removal is made before it. */
	report_describe(&r->report, v, &described);
	buf_text(&described);
	if (v->object.kind->remove(&v->object) == 0) {
		xalloc_at_failure(say_removed, v);
		report_removed(&r->report, v, buf_text(&described));
		xalloc_at_failure(NULL, NULL);
	} else if (kind_is_gone(errno)) {
		status = gone(r, name, &v->object);
	} else {
		described.len = 0;
		buf_printf(&described, "cannot remove it: %s", strerror(errno));
		report_result(&r->report, name, &v->object, RESULT_FAILED,
			buf_text(&described), true);
		status = STATUS_SOME;
	}
	buf_free(&described);
	return status;
}

/* Reads an object again directly before its removal, because removing an object that has
 * changed since it was selected would do harm. */
static enum status
consider(struct removal *r, struct victim *v)
{
	struct buf cause = { 0 };
	struct object now;
	enum reread again;
	enum status status;

	if (r->opt->dry_run) {
		report_plan(&r->report, v);
		return STATUS_OK;
	}
	again = source_reread(&v->object, &now, &cause);
	if (again != REREAD_SAME)
		status = report_again(r, v, again, buf_text(&cause));
	else if (was_marked(r, v, &now))
		status = STATUS_OK;
	else if (!r->opt->force && victim_differs(v, &now))
		status = keep_victim(r, v, "it was used meanwhile, so it stays");
	else {
		v->object = now;
		status = remove_it(r, v);
	}
	buf_free(&cause);
	return status;
}

/* Says, after the removals, why an object was refused. */
static void
tell_refusal(struct removal *r, struct victim *v)
{
	char text[VICTIM_NAME];

	if (v->refusal != NULL)
		report_result(&r->report, report_name(v, text), &v->object, v->outcome,
			v->refusal, !v->told);
	else if (v->in_use == IN_USE_YES || v->in_use == IN_USE_MAY_BE)
		report_refused(&r->report, v);
}

static enum status
remove_all(struct removal *r)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < r->count && !ferror(stdout); i++)
		if (!r->victims[i].refused)
			status = cmd_worse(status, consider(r, &r->victims[i]));
	for (size_t i = 0; i < r->count; i++)
		if (r->victims[i].refused)
			tell_refusal(r, &r->victims[i]);
	return status;
}

/* --- The command ------------------------------------------------------------------- */

/* The number of objects that conditions selected among types. */
static size_t
count_chosen(const struct removal *r)
{
	size_t chosen = 0;

	for (size_t i = 0; i < r->count; i++)
		chosen += r->victims[i].by_conditions;
	return chosen;
}

/* Asks, if necessary, before the objects that conditions selected are removed.  Stores in
 * *go_on whether to continue. */
static enum status
confirm(struct removal *r, bool *go_on)
{
	size_t asks = 0;

	*go_on = true;
	for (size_t i = 0; i < r->count; i++)
		asks += r->victims[i].text == NULL && !r->victims[i].refused;
	if (asks == 0 || r->opt->yes || r->opt->dry_run)
		return STATUS_OK;
	*go_on = false;
	if (!ask_can(asks, r->opt->operands.from_stdin, "removed"))
		return STATUS_USAGE;
	*go_on = r->asked = removal_ask(r->victims, r->count);
	if (*go_on)
		return STATUS_OK;
	say("nothing has been removed");
	for (size_t i = 0; i < r->count; i++) {
		char text[VICTIM_NAME];
		struct victim *v = &r->victims[i];

		if (!v->refused)
			report_result(&r->report, report_name(v, text), &v->object,
				RESULT_KEPT, "the answer was no", false);
	}
	return STATUS_SOME;
}

/* Judges, asks, scans again and removes. */
static enum status
work(struct removal *r)
{
	enum status status = STATUS_OK;
	bool go_on;

	for (size_t i = 0; i < r->count; i++)
		status = cmd_worse(status, judge_victim(r, &r->victims[i]));
	for (size_t i = 0; i < r->count && !r->opt->force; i++)
		if (!r->victims[i].refused && victim_read_pids(&r->victims[i]) < 0)
			status = cmd_worse(status,
				report_again(r, &r->victims[i],
					kind_is_gone(errno) ? REREAD_GONE
							    : REREAD_UNREADABLE,
					strerror(errno)));
	status = cmd_worse(status, confirm(r, &go_on));
	if (!go_on)
		return status;
	status = cmd_worse(status, take_second_look(r));
	return cmd_worse(status, remove_all(r));
}

static enum status
choose_and_work(struct removal *r)
{
	const struct receiver receiver = { take_object, missing, r };
	enum status status = selection_run(&r->selection, &receiver);
	size_t chosen = count_chosen(r);

	if (r->opt->has_max && chosen > r->opt->max) {
		say("%zu objects are chosen, more than --max=%" PRIu64
		    "; nothing has been removed",
			chosen, r->opt->max);
		return STATUS_USAGE;
	}
	selection_tell(&r->selection, 0);
	status = cmd_worse(status,
		selection_tell_passed_over(
			&r->selection, "remove", r->count, r->foreign, r->opt->verbose));
	in_use_caller_find(&r->selection.derive.context, &r->caller);
	status = cmd_worse(status, work(r));
	in_use_caller_free(&r->caller);
	return status;
}

enum status
removal_run(const struct removal_options *opt)
{
	struct removal r = { .opt = opt };
	struct request request = {
		.operands = &opt->operands,
		.select = &opt->select,
		.keep = &r.keep,
		.wanted = FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) | FACT(CUID) |
			FACT(CGID) | FACT(CPID) | FACT(NATTCH) | FACT(SIZE) |
			STALE_FACTS | (opt->select.selector.stale ? FACT(REASON) : 0),
		.source = { SOURCE_FRESH },
		.missing_is_fine = opt->ignore_missing,
		.tells_unchosen = opt->dry_run || opt->verbose,
	};
	enum status status;

	if (!opt->no_keep && keep_read(&r.keep, "removed") < 0)
		return STATUS_USAGE;
	for (size_t i = 0; i < kinds_count; i++)
		if (opt_operands_kinds(&opt->operands) & KIND_BIT(i))
			request.scan |= in_use_needs(kinds[i]);
	selection_start(&r.selection, &request);
	report_begin(&r.report, opt, &r.selection.derive.context);
	status = choose_and_work(&r);
	report_end(&r.report);
	for (size_t i = 0; i < r.count; i++)
		victim_free(&r.victims[i]);
	free(r.victims);
	exclusions_free(&r.keep);
	selection_end(&r.selection);
	return status;
}
