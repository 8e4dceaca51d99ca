/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal-judge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/removal-use.h"
#include "kind/access.h"
#include "kind/source.h"
#include "lib/names.h"
#include "lib/xalloc.h"

bool
judge_is_marked(const struct object *o)
{
	return o->kind->is_marked != NULL && o->kind->is_marked(o);
}

/* --- The first look ---------------------------------------------------------------- */

/* Whether the selection of an object depends on the scan of the processes. */
static bool
choice_rests(const struct judge *j, const struct victim *v)
{
	const struct selector *s = &j->opt->select.selector;

	return v->by_conditions &&
		(s->stale || s->pids.count > 0 ||
			(s->has_idle && in_use_needs_of_waits(v->object->kind) != 0));
}

void
judge_free(struct judge *j)
{
	removal_free_answers(j);
	for (size_t i = 0; i < j->count; i++)
		victim_free(&j->victims[i]);
	free(j->victims);
	in_use_caller_free(&j->caller);
}

enum status
judge_gone(struct judge *j, const char *name, const struct object *o)
{
	bool fine = j->opt->ignore_missing;

	report_result(
		j->report, name, o, RESULT_MISSING, kind_says(o->kind)->gone, !fine);
	return fine ? STATUS_OK : STATUS_SOME;
}

/* Reports that an object has been replaced by another one; returns the status. */
static enum status
report_again(struct judge *j, struct victim *v, enum reread again, const char *cause)
{
	char room[REF_SIZE];
	const char *name = report_name(v, room);

	v->refused = v->told = true;
	switch (again) {
	case REREAD_GONE:
		return judge_gone(j, name, v->object);
	case REREAD_ANOTHER:
		report_result(j->report, name, v->object, RESULT_KEPT,
			kind_says(v->object->kind)->another, true);
		return STATUS_SOME;
	default:
		report_result(j->report, name, v->object, RESULT_FAILED, cause, true);
		return STATUS_SOME;
	}
}

/* Handles an object that a call reported as gone.  If it still exists, its use is
 * unknown.  Returns the status. */
static enum status
answer_gone(struct judge *j, struct victim *v)
{
	struct buf cause = { 0 };
	struct object now;
	enum reread again = source_reread(v->object, &now, &cause);
	enum status status = STATUS_SOME;

	if (again == REREAD_SAME) {
		v->in_use = IN_USE_MAY_BE;
		v->refused = true;
	} else {
		status = report_again(j, v, again, buf_text(&cause));
	}
	buf_free(&cause);
	return status;
}

/* Appends when an object goes that is marked already. */
static void
put_when_gone(const struct judge *j, const struct object *o, struct buf *b)
{
	const struct in_use_ops *ops = o->kind->in_use;

	if (ops != NULL && ops->put_going != NULL)
		ops->put_going(&j->selection.derive.evidence, o, b);
	else
		buf_printf(b,
			"it is already marked for removal; the kernel removes it after "
			"the last detach (attachments: %" PRIu64 ")",
			o->fact[FACT_NATTCH]);
}

/* Whether an object that is in use stays without its name, which the user is told. */
static bool
outlives(const struct object *o)
{
	return o->kind->in_use != NULL && o->kind->in_use->outlives;
}

/* Whether an object stays even if no process uses it: it is already marked, or the caller
 * may not remove it.  If so, stores the status. */
static bool
stays_anyway(const struct judge *j, struct victim *v, enum status *status)
{
	const struct object *o = v->object;
	struct buf why = { 0 };

	if (judge_is_marked(o)) {
		*status = STATUS_OK;
		v->outcome = RESULT_MARKED;
		put_when_gone(j, o, &why);
	} else if (o->kind->may_remove == NULL || o->kind->remove == NULL) {
		*status = STATUS_SOME;
		v->outcome = RESULT_REFUSED;
		buf_printf(&why, "ipctool cannot remove %s", o->kind->title);
	} else if (!access_may_remove(o)) {
		*status = STATUS_SOME;
		v->outcome = RESULT_REFUSED;
		buf_printf(&why, "%s%s%s", kind_says(o->kind)->belongs,
			names_user(o->fact[FACT_UID]), kind_says(o->kind)->may_remove);
	} else {
		return false;
	}
	v->refused = true;
	v->refusal = xstrdup(buf_text(&why));
	buf_free(&why);
	return true;
}

/* Looks at an object for the first time; returns the status. */
static enum status
look_at_first(struct judge *j, struct victim *v)
{
	enum status status;

	v->rests = choice_rests(j, v);
	if (stays_anyway(j, v, &status))
		return status;
	if (!j->opt->force || removal_tells_use(j->opt) || outlives(v->object))
		removal_find_use(j, v);
	if (j->opt->force)
		return STATUS_OK;
	if (v->in_use == IN_USE_GONE)
		return answer_gone(j, v);
	v->refused = v->in_use != IN_USE_NO;
	if (!v->refused)
		removal_name_knowers(j, v);
	return v->refused ? STATUS_SOME : STATUS_OK;
}

/* Notes facts of an object that judge_last_look() compares; returns the status. */
static enum status
note_pids(struct judge *j, struct victim *v)
{
	if (v->refused || j->opt->force || victim_read_pids(v) == 0)
		return STATUS_OK;
	return report_again(j, v, kind_is_gone(errno) ? REREAD_GONE : REREAD_UNREADABLE,
		strerror(errno));
}

enum status
judge_first_look(struct judge *j)
{
	enum status status = STATUS_OK;

	in_use_caller_find(&j->selection.derive.context, &j->caller);
	for (size_t i = 0; i < j->count; i++) {
		struct victim *v = &j->victims[i];
		struct object o;

		victim_open(v, &o);
		status = cmd_worse(status, look_at_first(j, v));
		status = cmd_worse(status, note_pids(j, v));
		victim_close(v);
	}
	j->scan_began = scan_began(j->selection.derive.evidence.scan);
	selection_forget_scan(&j->selection);
	return status;
}

/* --- The second look --------------------------------------------------------------- */

/* Whether to report an object that stays, although that is not a failure. */
static bool
tells_kept(const struct judge *j, const struct victim *v)
{
	return j->asked || j->opt->verbose || !v->by_conditions;
}

/* Whether another program has marked a segment for removal since it was selected. */
static bool
was_marked(const struct judge *j, struct victim *v, const struct object *now)
{
	enum status status;

	if (!judge_is_marked(now))
		return false;
	*v->object = *now;
	v->told = !tells_kept(j, v);
	return stays_anyway(j, v, &status);
}

/* Keeps an object that was to be removed.  For conditions that is not a failure, because
 * they do not select it any more.  For a reference it is, because the user wants it
 * removed. */
static enum status
keep_victim(struct judge *j, struct victim *v, const char *reason)
{
	char room[REF_SIZE];

	v->refused = v->told = true;
	/* One result is enough, even if there is now a process that may use it. */
	v->in_use = IN_USE_NO;
	report_result(j->report, report_name(v, room), v->object, RESULT_KEPT, reason,
		tells_kept(j, v));
	return v->by_conditions ? STATUS_OK : STATUS_SOME;
}

static enum status
look_again(struct judge *j, struct victim *v)
{
	struct buf cause = { 0 };
	struct object before = *v->object;
	enum reread again;
	enum status status = STATUS_OK;
	bool chosen;
	int differs;

	again = source_reread(&before, v->object, &cause);
	if (again != REREAD_SAME) {
		*v->object = before;
		status = report_again(j, v, again, buf_text(&cause));
		buf_free(&cause);
		return status;
	}
	buf_free(&cause);
	if (was_marked(j, v, v->object))
		return STATUS_OK;
	differs = victim_differs(v, &before, v->object);
	if (differs < 0)
		return report_again(j, v,
			kind_is_gone(errno) ? REREAD_GONE : REREAD_UNREADABLE,
			strerror(errno));
	chosen = selection_chooses(&j->selection, v->object, v->text != NULL);
	removal_find_use(j, v);
	if (v->in_use == IN_USE_GONE)
		return answer_gone(j, v);
	if (v->in_use == IN_USE_YES) {
		v->refused = true;
		return STATUS_SOME;
	}
	if (!chosen)
		return keep_victim(j, v, kind_says(v->object->kind)->unchosen);
	if (differs)
		return keep_victim(j, v, kind_says(v->object->kind)->differs);
	v->refused = v->in_use != IN_USE_NO;
	return v->refused ? STATUS_SOME : STATUS_OK;
}

static bool
rests_on_scan(const struct judge *j, const struct victim *v)
{
	return v->rests && !v->refused && !j->opt->force && !j->opt->dry_run;
}

bool
judge_looks_twice(const struct judge *j)
{
	for (size_t i = 0; i < j->count; i++)
		if (rests_on_scan(j, &j->victims[i]))
			return true;
	return false;
}

enum status
judge_second_look(struct judge *j)
{
	enum status status = STATUS_OK;

	if (!judge_looks_twice(j))
		return STATUS_OK;
	selection_scan_again(&j->selection);
	for (size_t i = 0; i < j->count; i++) {
		struct victim *v = &j->victims[i];
		struct object o;

		if (!rests_on_scan(j, v))
			continue;
		victim_open(v, &o);
		status = cmd_worse(status, look_again(j, v));
		victim_keep(v);
	}
	return status;
}

/* --- Directly before the removal --------------------------------------------------- */

enum status
judge_last_look(struct judge *j, struct victim *v)
{
	struct buf cause = { 0 };
	struct object now;
	enum reread again = source_reread(v->object, &now, &cause);
	enum status status = STATUS_OK;
	int differs = 0;

	if (again != REREAD_SAME)
		status = report_again(j, v, again, buf_text(&cause));
	else if (!was_marked(j, v, &now) && !j->opt->force)
		differs = victim_differs(v, v->object, &now);
	if (differs < 0)
		status = report_again(j, v,
			kind_is_gone(errno) ? REREAD_GONE : REREAD_UNREADABLE,
			strerror(errno));
	else if (differs > 0)
		status = keep_victim(j, v, kind_says(v->object->kind)->differs);
	else if (!v->refused)
		*v->object = now;
	buf_free(&cause);
	return status;
}
