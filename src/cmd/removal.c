/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/ipc-ns.h"
#include "cmd/keep.h"
#include "cmd/removal-act.h"
#include "cmd/removal-ask.h"
#include "cmd/removal-judge.h"
#include "cmd/spaces.h"
#include "kind/access.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"
#include "process/rule-times.h"

/* A reference to a namespace that does not exist. */
struct lost {
	const char *text; /* as typed, not owned */
	char *cause;
};

struct removal {
	struct removal_options *opt;
	struct report report;
	struct exclusions keep;
	struct request request; /* the same for each namespace */
	struct spaces spaces;
	struct judge *judges; /* one for each of the spaces */
	struct lost *lost;
	size_t lost_count;
};

/* The namespaces whose objects are chosen before the first of these is removed. */
struct batch {
	struct removal *removal;
	size_t first, end; /* in the list of the spaces */
	struct outcome outcome;
	size_t foreign; /* selected objects that the caller may not remove */
};

/* What receives the objects that are selected in a namespace. */
struct choice {
	struct batch *batch;
	struct judge *judge;
};

/* --- Choosing ---------------------------------------------------------------------- */

/* Why an object was selected, as text; NULL if no condition selected it. */
static char *
why_chosen(const struct judge *j, const struct object *o)
{
	const struct selector *selector = &j->opt->select.selector;
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
take_object(void *choice, const char *text, struct object *o)
{
	struct batch *batch = ((struct choice *)choice)->batch;
	struct judge *j = ((struct choice *)choice)->judge;

	if (text == NULL && !access_may_remove(o)) {
		batch->foreign++;
		return;
	}
	if (text == NULL && judge_is_marked(o))
		return;
	j->victims = xgrow(j->victims, j->count, sizeof *j->victims);
	j->victims[j->count++] = (struct victim){
		.text = text,
		.by_conditions = text == NULL || j->selection.has_conditions,
		.kept = kept_make(o),
		.why = why_chosen(j, o),
	};
}

static void
missing(void *choice, const char *text)
{
	report_result(((struct choice *)choice)->judge->report, text, NULL,
		RESULT_MISSING, "there is no such object", false);
}

/* Reports the references to a namespace that could not be entered; the user was told. */
static void
report_closed(struct removal *r, const struct opt_operands *operands, int error)
{
	char *cause = xasprintf("the namespace cannot be entered: %s", strerror(error));

	for (size_t i = 0; i < operands->count; i++)
		report_result(&r->report, operands->list[i].text, NULL, RESULT_FAILED,
			cause, false);
	free(cause);
}

/* Chooses the objects in a namespace, and looks at each for the first time. */
static enum status
choose_in(struct batch *batch, size_t place)
{
	struct removal *r = batch->removal;
	struct judge *j = &r->judges[place];
	struct choice choice = { batch, j };
	const struct receiver receiver = { take_object, missing, &choice };
	bool entered;
	enum status status = spaces_enter(&r->spaces, place, &entered);

	if (!entered) {
		report_closed(r, &r->spaces.list[place].operands, errno);
		return status;
	}
	j->opt = r->opt;
	j->report = &r->report;
	j->request = r->request;
	j->request.operands = &r->spaces.list[place].operands;
	j->request.outcome = &batch->outcome;
	for (size_t i = 0; i < kinds_count; i++)
		if (opt_operands_kinds(j->request.operands) & KIND_BIT(i))
			j->request.scan |= in_use_needs(kinds[i]);
	selection_start(&j->selection, &j->request);
	status = selection_run(&j->selection, &receiver);
	return cmd_worse(status, judge_first_look(j));
}

/* The number of objects in a batch, and of those that conditions selected. */
static size_t
count_chosen(const struct batch *batch, size_t *by_conditions)
{
	size_t count = 0;

	*by_conditions = 0;
	for (size_t i = batch->first; i < batch->end; i++) {
		const struct judge *j = &batch->removal->judges[i];

		count += j->count;
		for (size_t n = 0; n < j->count; n++)
			*by_conditions += j->victims[n].by_conditions;
	}
	return count;
}

/* Says what was not chosen, and checks the number of the others.  STATUS_USAGE if there
 * are too many; else the status for what was passed over. */
static enum status
check_choice(const struct batch *batch)
{
	struct removal *r = batch->removal;
	struct request request = r->request;
	size_t by_conditions;
	size_t count = count_chosen(batch, &by_conditions);

	if (r->opt->has_max && by_conditions > r->opt->max) {
		say("%zu objects are chosen, more than --max=%" PRIu64
		    "; nothing has been removed",
			by_conditions, r->opt->max);
		return STATUS_USAGE;
	}
	request.operands = &r->opt->operands;
	request.outcome = (struct outcome *)&batch->outcome;
	outcome_tell(request.outcome, 0);
	return outcome_tell_passed_over(
		&request, "remove", count, batch->foreign, r->opt->verbose);
}

/* --- Removing ---------------------------------------------------------------------- */

/* Waits until some time after the start of the last of the first scans, if an object
 * needs a second look. */
static void
wait_for_second_look(const struct batch *batch)
{
	const struct judge *judges = batch->removal->judges;
	uint64_t at = 0;
	struct timespec then;

	for (size_t i = batch->first; i < batch->end; i++)
		if (judge_looks_twice(&judges[i]) && judges[i].scan_began > at)
			at = judges[i].scan_began;
	if (at == 0)
		return;
	at += rule_times.second_look * UINT64_C(1000000);
	then = (struct timespec){ at / 1000000000, at % 1000000000 };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL) == EINTR)
		continue;
}

/* Refuses all objects of a namespace that could be entered, and now cannot. */
static enum status
refuse_all(struct judge *j, int error)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; i < j->count; i++) {
		struct victim *v = &j->victims[i];

		if (v->refused)
			continue;
		v->refused = true;
		v->outcome = RESULT_FAILED;
		v->refusal = xasprintf(
			"the namespace cannot be entered again: %s", strerror(error));
		status = STATUS_SOME;
	}
	return status;
}

/* Looks at the objects of a namespace again, and removes them. */
static enum status
remove_in(struct removal *r, size_t place)
{
	struct judge *j = &r->judges[place];
	enum status status;

	if (j->count == 0)
		return STATUS_OK;
	if (spaces_move_to(&r->spaces, place) < 0)
		status = refuse_all(j, errno);
	else
		status = judge_second_look(j);
	return cmd_worse(status, removal_act(j));
}

/* Names the objects whose removal was not reported, when memory runs out. */
static void
say_removed(void *removal)
{
	const struct removal *r = removal;
	char room[REF_SIZE];
	struct object o;

	for (size_t i = 0; i < r->spaces.count; i++)
		for (size_t n = 0; n < r->judges[i].count; n++) {
			struct victim *v = &r->judges[i].victims[n];

			if (!v->is_untold)
				continue;
			victim_open(v, &o);
			fprintf(stderr, "%s: %s: %s\n", getprogname(),
				report_name(v, room),
				report_is_marked(&o) ? "marked for removal" : "removed");
		}
}

/* --- The command ------------------------------------------------------------------- */

/* Chooses in all namespaces of a batch, asks, looks again and removes. */
static enum status
work_on(struct batch *batch)
{
	struct removal *r = batch->removal;
	enum status status = STATUS_OK, checked;
	bool go_on;

	for (size_t i = batch->first; i < batch->end; i++)
		status = cmd_worse(status, choose_in(batch, i));
	checked = check_choice(batch);
	status = cmd_worse(status, checked);
	if (checked == STATUS_USAGE)
		return status;
	status = cmd_worse(status,
		removal_ask(r->opt, r->judges + batch->first, batch->end - batch->first,
			&go_on));
	if (!go_on)
		return status;
	wait_for_second_look(batch);
	for (size_t i = batch->first; i < batch->end && !ferror(stdout); i++)
		status = cmd_worse(status, remove_in(r, i));
	return status;
}

/*
 * How many namespaces a batch has.  The limit of --max and the question are about the
 * objects of all; --all-namespaces waits once for all.  Without these each namespace is
 * finished before the next one is entered, because ipctool may not be allowed to return.
 */
static size_t
batch_size(const struct removal *r)
{
	const struct removal_options *opt = r->opt;
	bool may_ask = opt->operands.types != 0 && !opt->yes && !opt->dry_run;
	bool counts = opt->has_max &&
		(opt->operands.types != 0 || selector_is_given(&opt->select.selector));

	return opt_all_namespaces() || counts || may_ask ? r->spaces.count : 1;
}

static enum status
work(struct removal *r)
{
	size_t size = batch_size(r);
	enum status status = STATUS_OK;

	r->judges = xcalloc(r->spaces.count + 1, sizeof *r->judges);
	report_begin(&r->report, r->opt);
	for (size_t i = 0; i < r->lost_count; i++)
		report_result(&r->report, r->lost[i].text, NULL, RESULT_MISSING,
			r->lost[i].cause, false);
	xalloc_at_failure(say_removed, r);
	for (size_t i = 0; i < r->spaces.count && !ferror(stdout); i += size) {
		struct batch batch = { .removal = r, .first = i, .end = i + size };

		status = cmd_worse(status, work_on(&batch));
		outcome_free(&batch.outcome);
		for (size_t n = batch.first; n < batch.end; n++)
			if (r->judges[n].opt != NULL)
				selection_end(&r->judges[n].selection);
	}
	xalloc_at_failure(NULL, NULL);
	report_end(&r->report);
	spaces_tell(&r->spaces);
	for (size_t i = 0; i < r->spaces.count; i++)
		judge_free(&r->judges[i]);
	free(r->judges);
	return status;
}

static void
note_lost(void *removal, const char *text, const char *cause)
{
	struct removal *r = removal;

	r->lost = xgrow(r->lost, r->lost_count, sizeof *r->lost);
	r->lost[r->lost_count++] = (struct lost){ text, xstrdup(cause) };
}

enum status
removal_run(struct removal_options *opt)
{
	struct removal r = {
		.opt = opt,
		.request = {
			.select = &opt->select,
			.keep = &r.keep,
			.wanted = STALE_FACTS | FACT(SIZE) | FACT(USED) |
				(opt->select.selector.stale ? FACT(REASON) : 0) |
				(opt->verbose ? FACT(VALUE) : 0),
			.source = { SOURCE_FRESH },
			.acts = true,
			.missing_is_fine = opt->ignore_missing,
			.tells_unchosen = opt->dry_run || opt->verbose,
		},
		.spaces = {
			.tells_container = opt_all_namespaces() && !opt->yes &&
				!opt->dry_run,
			.missing_is_fine = opt->ignore_missing,
			.missing = note_lost,
			.arg = &r,
		},
	};
	enum status status = STATUS_USAGE;

	if (opt->no_keep || keep_read(&r.keep, "removed") == 0) {
		status = spaces_find(&r.spaces, &opt->operands);
		if (r.spaces.count > 0 || r.lost_count > 0)
			status = cmd_worse(status, work(&r));
		spaces_free(&r.spaces);
	}
	for (size_t i = 0; i < r.lost_count; i++)
		free(r.lost[i].cause);
	free(r.lost);
	exclusions_free(&r.keep);
	return status;
}
