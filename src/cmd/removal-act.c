/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal-act.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/message.h"

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

static enum status
remove_it(struct judge *j, struct victim *v)
{
	struct buf described = { 0 }, why = { 0 };
	char room[REF_SIZE];
	const char *name = report_name(v, room);
	enum status status = STATUS_OK;

	say_unexamined(v);
	/* Text that is needed after the removal is made before it. */
	report_describe(j->report, &j->selection.derive.context, v, &described);
	buf_text(&described);
	if (v->object->kind->remove(v->object, !j->opt->force, &why) == 0) {
		v->is_untold = true;
		v->is_untold = !report_removed(j->report, v, buf_text(&described));
	} else if (errno == ECANCELED) {
		report_result(
			j->report, name, v->object, RESULT_KEPT, buf_text(&why), true);
		status = STATUS_SOME;
	} else if (kind_is_gone(errno)) {
		status = judge_gone(j, name, v->object);
	} else {
		described.len = 0;
		buf_printf(&described, "cannot remove it: %s", strerror(errno));
		report_result(j->report, name, v->object, RESULT_FAILED,
			buf_text(&described), true);
		status = STATUS_SOME;
	}
	buf_free(&described);
	buf_free(&why);
	return status;
}

static enum status
consider(struct judge *j, struct victim *v)
{
	enum status status;

	if (j->opt->dry_run) {
		report_plan(j->report, v);
		return STATUS_OK;
	}
	if (v->object->kind->compares)
		return remove_it(j, v);
	status = judge_last_look(j, v);
	return v->refused ? status : remove_it(j, v);
}

/* Says, after the removals, why an object was refused. */
static void
tell_refusal(struct judge *j, struct victim *v)
{
	char room[REF_SIZE];

	if (v->refusal != NULL)
		report_result(j->report, report_name(v, room), v->object, v->outcome,
			v->refusal, !v->told);
	else if (v->in_use == IN_USE_YES || v->in_use == IN_USE_MAY_BE)
		report_refused(j->report, v);
}

enum status
removal_act(struct judge *j)
{
	enum status status = STATUS_OK;
	struct object o;

	for (size_t i = 0; i < j->count && !ferror(stdout); i++) {
		struct victim *v = &j->victims[i];

		if (v->refused)
			continue;
		victim_open(v, &o);
		status = cmd_worse(status, consider(j, v));
		/* What has been refused now is told below. */
		if (v->refused)
			victim_keep(v);
		else
			victim_close(v);
	}
	for (size_t i = 0; i < j->count; i++) {
		struct victim *v = &j->victims[i];

		if (!v->refused)
			continue;
		victim_open(v, &o);
		tell_refusal(j, v);
		victim_close(v);
	}
	return status;
}
