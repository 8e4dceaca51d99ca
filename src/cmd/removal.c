/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ask.h"
#include "cmd/keep.h"
#include "cmd/removal-ask.h"
#include "cmd/removal-judge.h"
#include "cmd/spaces.h"
#include "kind/access.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"

struct removal {
	struct judge judge;
	struct exclusions keep;
	struct victim *victims;
	size_t count;
	size_t foreign; /* selected objects that the caller may not remove */
	size_t marked; /* selected objects that are already marked for removal */
};

/* --- Choosing ---------------------------------------------------------------------- */

/* Why an object was selected, as text; NULL if no condition selected it. */
static char *
why_chosen(const struct removal *r, const struct object *o)
{
	const struct selector *selector = &r->judge.opt->select.selector;
	struct buf why = { 0 };
	char *text = NULL;

	if (selector->stale && object_has(o, FACT(REASON)))
		buf_printf(&why, "stale: %s", o->reason);
	else
		selector_reason(selector, o, &why);
	if (why.len > 0)
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

	if (text == NULL && !access_may_remove(o)) {
		r->foreign++;
		return;
	}
	if (text == NULL && judge_is_marked(o)) {
		r->marked++;
		return;
	}
	r->victims = xgrow(r->victims, r->count, sizeof *r->victims);
	r->victims[r->count++] = (struct victim){
		.text = text,
		.by_conditions = text == NULL || r->judge.selection.has_conditions,
		.kept = kept_make(o),
		.why = why_chosen(r, o),
	};
}

static void
missing(void *arg, const char *text)
{
	struct removal *r = arg;

	report_result(&r->judge.report, text, NULL, RESULT_MISSING,
		"there is no such object", false);
}

/* --- Removing ---------------------------------------------------------------------- */

/* Says how many processes may use a queue without the user knowing. */
static void
say_unexamined(const struct victim *v)
{
	char room[REF_SIZE];

	if (v->use != NULL && v->use->unexamined > 0)
		say("%s: %zu process%s could not be examined and may use it",
			report_name(v, room), v->use->unexamined,
			v->use->unexamined == 1 ? "" : "es");
}

/* Names the objects whose removal was not reported, when memory runs out. */
static void
say_removed(void *removal)
{
	const struct removal *r = removal;
	char room[REF_SIZE];
	struct object o;

	for (size_t i = 0; i < r->count; i++) {
		struct victim *v = &r->victims[i];

		if (!v->is_untold)
			continue;
		victim_open(v, &o);
		fprintf(stderr, "%s: %s: %s\n", getprogname(), report_name(v, room),
			report_is_marked(&o) ? "marked for removal" : "removed");
	}
}

static enum status
remove_it(struct removal *r, struct victim *v)
{
	struct buf described = { 0 }, why = { 0 };
	char room[REF_SIZE];
	const char *name = report_name(v, room);
	enum status status = STATUS_OK;

	say_unexamined(v);
	/* Text that is needed after the removal is made before it. */
	report_describe(&r->judge.report, v, &described);
	buf_text(&described);
	if (v->object->kind->remove(v->object, !r->judge.opt->force, &why) == 0) {
		v->is_untold = true;
		v->is_untold = !report_removed(&r->judge.report, v, buf_text(&described));
	} else if (errno == ECANCELED) {
		report_result(&r->judge.report, name, v->object, RESULT_KEPT,
			buf_text(&why), true);
		status = STATUS_SOME;
	} else if (kind_is_gone(errno)) {
		status = judge_gone(&r->judge, name, v->object);
	} else {
		described.len = 0;
		buf_printf(&described, "cannot remove it: %s", strerror(errno));
		report_result(&r->judge.report, name, v->object, RESULT_FAILED,
			buf_text(&described), true);
		status = STATUS_SOME;
	}
	buf_free(&described);
	buf_free(&why);
	return status;
}

static enum status
consider(struct removal *r, struct victim *v)
{
	enum status status;

	if (r->judge.opt->dry_run) {
		report_plan(&r->judge.report, v);
		return STATUS_OK;
	}
	if (v->object->kind->compares)
		return remove_it(r, v);
	status = judge_last_look(&r->judge, v);
	return v->refused ? status : remove_it(r, v);
}

/* Says, after the removals, why an object was refused. */
static void
tell_refusal(struct removal *r, struct victim *v)
{
	char room[REF_SIZE];

	if (v->refusal != NULL)
		report_result(&r->judge.report, report_name(v, room), v->object,
			v->outcome, v->refusal, !v->told);
	else if (v->in_use == IN_USE_YES || v->in_use == IN_USE_MAY_BE)
		report_refused(&r->judge.report, v);
}

static enum status
remove_all(struct removal *r)
{
	enum status status = STATUS_OK;
	struct object o;

	xalloc_at_failure(say_removed, r);
	for (size_t i = 0; i < r->count && !ferror(stdout); i++) {
		struct victim *v = &r->victims[i];

		if (v->refused)
			continue;
		victim_open(v, &o);
		status = cmd_worse(status, consider(r, v));
		/* What has been refused now is told below. */
		if (v->refused)
			victim_keep(v);
		else
			victim_close(v);
	}
	for (size_t i = 0; i < r->count; i++) {
		struct victim *v = &r->victims[i];

		if (!v->refused)
			continue;
		victim_open(v, &o);
		tell_refusal(r, v);
		victim_close(v);
	}
	xalloc_at_failure(NULL, NULL);
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
	if (asks == 0 || r->judge.opt->yes || r->judge.opt->dry_run)
		return STATUS_OK;
	*go_on = false;
	if (!ask_can(asks, r->judge.opt->operands.from_stdin, "removed"))
		return STATUS_USAGE;
	*go_on = r->judge.asked = removal_ask(r->victims, r->count);
	if (*go_on)
		return STATUS_OK;
	say("nothing has been removed");
	for (size_t i = 0; i < r->count; i++) {
		char room[REF_SIZE];
		struct victim *v = &r->victims[i];
		struct object o;

		if (v->refused)
			continue;
		victim_open(v, &o);
		report_result(&r->judge.report, report_name(v, room), v->object,
			RESULT_KEPT, "the answer was no", false);
		victim_close(v);
	}
	return STATUS_SOME;
}

/* Judges, asks, scans again and removes. */
static enum status
work(struct removal *r)
{
	enum status status = STATUS_OK;
	bool go_on;

	for (size_t i = 0; i < r->count; i++) {
		struct victim *v = &r->victims[i];
		struct object o;

		victim_open(v, &o);
		status = cmd_worse(status, judge_first_look(&r->judge, v));
		if (!v->refused && !r->judge.opt->force)
			status = cmd_worse(status, judge_note_pids(&r->judge, v));
		victim_close(v);
	}
	status = cmd_worse(status, confirm(r, &go_on));
	if (!go_on)
		return status;
	status = cmd_worse(status, judge_second_look(&r->judge, r->victims, r->count));
	return cmd_worse(status, remove_all(r));
}

static enum status
choose_and_work(struct removal *r)
{
	const struct receiver receiver = { take_object, missing, r };
	enum status status = selection_run(&r->judge.selection, &receiver);
	size_t chosen = count_chosen(r);

	if (r->judge.opt->has_max && chosen > r->judge.opt->max) {
		say("%zu objects are chosen, more than --max=%" PRIu64
		    "; nothing has been removed",
			chosen, r->judge.opt->max);
		return STATUS_USAGE;
	}
	selection_tell(&r->judge.selection, 0);
	status = cmd_worse(status,
		selection_tell_passed_over(&r->judge.selection, "remove", r->count,
			r->foreign, r->judge.opt->verbose));
	in_use_caller_find(&r->judge.selection.derive.context, &r->judge.caller);
	status = cmd_worse(status, work(r));
	in_use_caller_free(&r->judge.caller);
	return status;
}

enum status
removal_run(struct removal_options *opt)
{
	struct removal r = { .judge = { .opt = opt } };
	struct request request = {
		.operands = &opt->operands,
		.select = &opt->select,
		.keep = &r.keep,
		.wanted = STALE_FACTS | FACT(SIZE) | FACT(USED) |
			(opt->select.selector.stale ? FACT(REASON) : 0) |
			(opt->verbose ? FACT(VALUE) : 0),
		.source = { SOURCE_FRESH },
		.acts = true,
		.missing_is_fine = opt->ignore_missing,
		.tells_unchosen = opt->dry_run || opt->verbose,
	};
	enum status status = spaces_enter_one(&opt->operands, false);

	if (status != STATUS_OK)
		return status;
	if (!opt->no_keep && keep_read(&r.keep, "removed") < 0) {
		exclusions_free(&r.keep);
		return STATUS_USAGE;
	}
	for (size_t i = 0; i < kinds_count; i++)
		if (opt_operands_kinds(&opt->operands) & KIND_BIT(i))
			request.scan |= in_use_needs(kinds[i]);
	selection_start(&r.judge.selection, &request);
	report_begin(&r.judge.report, opt, &r.judge.selection.derive.context);
	status = choose_and_work(&r);
	report_end(&r.judge.report);
	for (size_t i = 0; i < r.count; i++)
		victim_free(&r.victims[i]);
	free(r.victims);
	judge_free(&r.judge);
	exclusions_free(&r.keep);
	selection_end(&r.judge.selection);
	return status;
}
