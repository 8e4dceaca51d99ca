/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/finding.h"

#include <stdlib.h>

#include "lib/array.h"
#include "lib/xalloc.h"
#include "waits/parts.h"
#include "waits/stuck.h"

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_DEADLOCK] = "deadlock",
		[VERDICT_STUCK] = "stuck",
		[VERDICT_STOPPED] = "stopped",
		[VERDICT_MUTUAL] = "mutual",
	};

	return names[verdict];
}

/* One round: the parts of the likely set, and what is certain. */
struct round {
	struct world *w;
	bool *likely, *certain; /* of each thread: whether it is in the set */
	bool *holds_up; /* of each process: it certainly holds up a thread */
	struct parts parts;
	size_t *finding_of; /* of each part: the index of its finding, or NONE */
	size_t *stopped_by; /* of each process: the same for those that are halted */
};

static void
add_index(size_t **list, size_t *count, size_t index)
{
	*list = xgrow(*list, *count, sizeof **list);
	(*list)[(*count)++] = index;
}

/* Whether threads only wait to hear from each other, as idle servers do. */
static bool
is_talk(const struct world *w, const struct finding *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (w->threads[f->threads[i]].need != NEED_DATA)
			return false;
	return true;
}

/* The processes that certainly hold up a thread. */
static void
find_holders(struct round *round)
{
	const struct world *w = round->w;
	bool *seen = xcalloc(w->resources_count + 1, sizeof *seen);

	for (size_t t = 0; t < w->threads_count; t++) {
		size_t r = w->threads[t].resource;

		if (!round->certain[t] || w->threads[t].halt != HALT_NONE || r == NONE ||
			seen[r])
			continue;
		seen[r] = true;
		for (size_t i = 0; i < w->resources[r].count; i++)
			round->holds_up[w->resources[r].list[i].process] = true;
	}
	free(seen);
}

static void
judge(const struct round *round, struct finding *f)
{
	const struct world *w = round->w;
	const struct thread *first = &w->threads[f->threads[0]];

	f->certain = true;
	for (size_t i = 0; i < f->count; i++)
		f->certain &= round->certain[f->threads[i]];
	if (first->halt != HALT_NONE) {
		f->verdict = VERDICT_STOPPED;
		f->certain &= round->holds_up[first->process];
	} else if (f->count == 1) {
		f->verdict = VERDICT_STUCK;
	} else {
		f->verdict = is_talk(w, f) && !f->certain ? VERDICT_MUTUAL
							  : VERDICT_DEADLOCK;
	}
}

/* The finding of a thread at an end of the graph: all threads of a process that are
 * halted share one.  NULL if there is none, because nothing waits for the thread. */
static struct finding *
finding_for(struct round *round, struct findings *f, const struct parts_thread *member)
{
	const struct thread *t = &round->w->threads[member->thread];
	size_t *place = &round->finding_of[member->part];

	if (t->halt != HALT_NONE) {
		if (!round->parts.is_awaited[t->process])
			return NULL;
		place = &round->stopped_by[t->process];
	}
	if (*place == NONE) {
		f->list = xgrow(f->list, f->count, sizeof *f->list);
		f->list[f->count] = (struct finding){ 0 };
		*place = f->count++;
	}
	round->finding_of[member->part] = *place;
	return &f->list[*place];
}

static void
round_start(struct round *round, struct world *w)
{
	*round = (struct round){
		.w = w,
		.likely = stuck_find(w, LIKELY),
		.certain = stuck_find(w, CERTAIN),
		.holds_up = xcalloc(w->processes_count + 1, sizeof(bool)),
		.stopped_by = xcalloc(w->processes_count + 1, sizeof(size_t)),
	};
	round->parts = parts_find(w, round->likely);
	round->finding_of = xcalloc(round->parts.parts + 1, sizeof(size_t));
	for (size_t i = 0; i < round->parts.parts; i++)
		round->finding_of[i] = NONE;
	for (size_t i = 0; i < w->processes_count; i++)
		round->stopped_by[i] = NONE;
	find_holders(round);
}

static void
round_end(struct round *round)
{
	free(round->likely);
	free(round->certain);
	free(round->holds_up);
	free(round->finding_of);
	free(round->stopped_by);
	parts_free(&round->parts);
}

/* Adds the findings of a round. */
static void
collect_findings(struct round *round, struct findings *f)
{
	const struct parts *parts = &round->parts;
	size_t first = f->count;

	for (size_t i = 0; i < parts->count; i++) {
		const struct parts_thread *member = &parts->threads[i];
		struct finding *into;

		if (parts->leads_to[member->part] != member->part)
			continue;
		into = finding_for(round, f, member);
		if (into != NULL)
			add_index(&into->threads, &into->count, member->thread);
	}
	for (size_t i = first; i < f->count; i++)
		judge(round, &f->list[i]);
	for (size_t i = 0; i < parts->count; i++) {
		const struct parts_thread *member = &parts->threads[i];
		size_t end = parts->leads_to[member->part];
		struct finding *into;

		if (end == member->part || round->finding_of[end] == NONE)
			continue;
		into = &f->list[round->finding_of[end]];
		add_index(&into->behind, &into->behind_count, member->thread);
	}
}

static void
free_finding(struct finding *f)
{
	free(f->threads);
	free(f->behind);
}

static bool
has_mutual(const struct findings *f, size_t first)
{
	for (size_t i = first; i < f->count; i++)
		if (f->list[i].verdict == VERDICT_MUTUAL)
			return true;
	return false;
}

/* Keeps the mutual findings of a round only, and marks their threads. */
static void
keep_mutual(struct round *round, struct findings *f, size_t first)
{
	size_t kept = first;

	for (size_t i = first; i < f->count; i++) {
		struct finding *mutual = &f->list[i];

		if (mutual->verdict != VERDICT_MUTUAL) {
			free_finding(mutual);
			continue;
		}
		for (size_t k = 0; k < mutual->count; k++)
			round->w->threads[mutual->threads[k]].is_mutual = true;
		free(mutual->behind);
		mutual->behind = NULL;
		mutual->behind_count = 0;
		f->list[kept++] = *mutual;
	}
	f->count = kept;
}

static int
compare_findings(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	return (x->threads[0] > y->threads[0]) - (x->threads[0] < y->threads[0]);
}

static int
compare_indexes(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

struct findings
findings_find(struct world *w)
{
	struct findings f = { 0 };
	struct round round;
	bool again;

	for (size_t t = 0; t < w->threads_count; t++)
		w->threads[t].is_mutual = false;
	/* Threads that only wait to hear from each other may go on, so without them
	 * fewer threads are stuck. */
	do {
		size_t first = f.count;

		round_start(&round, w);
		collect_findings(&round, &f);
		again = has_mutual(&f, first);
		if (again) {
			keep_mutual(&round, &f, first);
		} else {
			f.is_stuck = round.likely;
			round.likely = NULL;
		}
		round_end(&round);
	} while (again);
	if (f.count > 0)
		qsort(f.list, f.count, sizeof *f.list, compare_findings);
	for (size_t i = 0; i < f.count; i++)
		if (f.list[i].behind_count > 0)
			qsort(f.list[i].behind, f.list[i].behind_count, sizeof(size_t),
				compare_indexes);
	return f;
}

void
findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->count; i++)
		free_finding(&f->list[i]);
	free(f->list);
	free(f->is_stuck);
	*f = (struct findings){ 0 };
}
