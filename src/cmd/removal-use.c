/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal-use.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/xalloc.h"

bool
removal_tells_use(const struct removal_options *opt)
{
	return opt->verbose || opt->dry_run || opt->writer != NULL || !opt->yes;
}

static bool
is_same_answer(const struct in_use_answer *a, const struct in_use_answer *b)
{
	return a->in_use == b->in_use && a->cause == b->cause && a->joint == b->joint &&
		a->is_whole == b->is_whole && a->processes == b->processes &&
		a->unexamined == b->unexamined &&
		strcmp(a->reason.data, b->reason.data) == 0;
}

/* Keeps an answer and its reason.  Objects that follow each other often have the same. */
static const struct in_use_answer *
keep_answer(struct judge *j, struct in_use_answer *a)
{
	size_t n = j->answers_count;

	buf_text(&a->reason);
	if (n > 0 && is_same_answer(j->answers[n - 1], a)) {
		buf_free(&a->reason);
		return j->answers[n - 1];
	}
	j->answers = xgrow(j->answers, n, sizeof *j->answers);
	j->answers[n] = xcalloc(1, sizeof *a);
	*j->answers[n] = *a;
	j->answers_count++;
	return j->answers[n];
}

void
removal_find_use(struct judge *j, struct victim *v)
{
	const struct selector *s = &j->opt->select.selector;
	struct in_use_question question = {
		.by_conditions = v->by_conditions,
		.owned = in_use_owns(&j->caller, v->object),
		.knows_attached = s->unattached && !s->stale,
	};
	struct in_use_answer answer;

	in_use_find(&j->selection.derive.evidence, v->object, &question, &answer);
	v->in_use = answer.in_use;
	v->rests |= answer.scanned;
	v->use = NULL;
	if (answer.in_use != IN_USE_NO || answer.unexamined > 0)
		v->use = keep_answer(j, &answer);
	else
		buf_free(&answer.reason);
}

void
removal_name_knowers(const struct judge *j, struct victim *v)
{
	const struct selector *s = &j->opt->select.selector;
	struct buf why = { 0 };

	if (!s->unattached || s->stale || !removal_tells_use(j->opt) ||
		v->object->kind->in_use == NULL || !v->object->kind->in_use->is_exact)
		return;
	buf_printf(&why, "%s; ", v->why);
	if (in_use_may_know(&j->selection.derive.evidence, v->object, &why)) {
		free(v->why);
		v->why = xstrdup(buf_text(&why));
		v->has_knowers = true;
	}
	buf_free(&why);
}

void
removal_free_answers(struct judge *j)
{
	for (size_t i = 0; i < j->answers_count; i++) {
		buf_free(&j->answers[i]->reason);
		free(j->answers[i]);
	}
	free(j->answers);
}
