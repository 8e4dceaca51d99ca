/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The threads that can never go on, in random worlds, against a slow way to find them that
 * follows the rules one by one. */

#include "waits/finding.h"

#include <stdlib.h>

#include "lib/xalloc.h"
#include "tap.h"
#include "waits/stuck.h"

enum { WORLDS = 2000, PROCESSES_MAX = 7, THREADS_MAX = 3, RESOURCES_MAX = 6, MANY = 64 };

/* --- Random worlds ----------------------------------------------------------------- */

static unsigned
draw(unsigned below)
{
	return (unsigned)random() % below;
}

static bool
one_in(unsigned n)
{
	return draw(n) == 0;
}

static void
draw_process(struct world *w, size_t i)
{
	struct process *p = &w->processes[i];

	*p = (struct process){
		.pid = i + 1,
		.handles_child = one_in(6),
		.handles = one_in(6) ? 15 : 0,
		.parent_index = i > 0 && one_in(2) ? draw(i) : NONE,
		.first = w->threads_count,
		.count = one_in(10) ? 0 : 1 + draw(THREADS_MAX) * draw(2),
	};
	p->is_unread = p->count == 0;
	w->threads_count += p->count;
}

static void
draw_thread(struct world *w, struct thread *t, size_t process)
{
	*t = (struct thread){
		.process = process,
		.halt = one_in(8) ? HALT_SIGNAL : HALT_NONE,
		.is_resolved = !one_in(12),
		.need = NEED_LOCK + draw(5),
		.closed = one_in(2),
		.by_pipe = one_in(2),
		.by_descriptor = one_in(2),
		.orphaned = one_in(8),
		.is_limited = one_in(20),
		.resource = w->resources_count == 0 || one_in(8)
			? NONE
			: draw(w->resources_count),
	};
}

static struct world
draw_world(void)
{
	struct world w = { .alone = !one_in(8),
		.unread = one_in(8),
		.in_transit = NONE,
		.separate = NONE,
		.registered = one_in(8) ? 0 : NONE };

	w.processes_count = 1 + draw(PROCESSES_MAX);
	w.processes = xcalloc(w.processes_count, sizeof *w.processes);
	for (size_t i = 0; i < w.processes_count; i++)
		draw_process(&w, i);
	for (size_t i = draw(RESOURCES_MAX); i > 0; i--)
		world_add_resource(&w);
	for (size_t r = 0; r < w.resources_count; r++)
		for (size_t p = 0; p < w.processes_count; p++)
			if (one_in(4))
				world_add_releaser(&w, r,
					(struct releaser){ p,
						one_in(2) ? GRADE_EXACT : draw(3), "does",
						-1 });
	w.threads = xcalloc(w.threads_count + 1, sizeof *w.threads);
	for (size_t p = 0; p < w.processes_count; p++)
		for (size_t i = 0; i < w.processes[p].count; i++)
			draw_thread(&w, &w.threads[w.processes[p].first + i], p);
	return w;
}

/* --- The slow way ------------------------------------------------------------------ */

/* Whether a thread of the process, other than this one, may go on. */
static bool
process_may(const struct world *w, const bool *stuck, size_t process, size_t other)
{
	const struct process *p = &w->processes[process];

	for (size_t i = 0; i < p->count; i++)
		if (p->first + i != other && !stuck[p->first + i])
			return true;
	return p->count == 0;
}

static bool
child_may(const struct world *w, const bool *stuck, size_t parent)
{
	for (size_t p = 0; p < w->processes_count; p++)
		if (w->processes[p].parent_index == parent &&
			process_may(w, stuck, p, NONE))
			return true;
	return false;
}

static bool
releaser_may(const struct world *w, const bool *stuck, size_t t)
{
	const struct resource *r;

	if (w->threads[t].resource == NONE)
		return false;
	r = &w->resources[w->threads[t].resource];
	for (size_t i = 0; i < r->count; i++)
		if (process_may(w, stuck, r->list[i].process, t))
			return true;
	return false;
}

static bool
is_exact(const struct world *w, const struct thread *t)
{
	if (!world_has_releaser(w, t) || !t->closed)
		return false;
	for (size_t i = 0; i < w->resources[t->resource].count; i++)
		if (w->resources[t->resource].list[i].grade != GRADE_EXACT)
			return false;
	return true;
}

/* Conditions 1 to 3 for what is certain. */
static bool
is_doubtful(const struct world *w, const struct thread *t)
{
	const struct process *p = &w->processes[t->process];

	if (w->unread > 0 || !w->alone)
		return true;
	if (t->halt != HALT_NONE)
		return false;
	return !is_exact(w, t) || p->handles != 0 || p->handles_child ||
		(t->by_descriptor && w->registered != NONE);
}

static bool
may_go_on(const struct world *w, const bool *stuck, size_t i, enum certainty certainty)
{
	const struct thread *t = &w->threads[i];

	if (certainty == CERTAIN && is_doubtful(w, t))
		return true;
	if (t->halt != HALT_NONE)
		return false;
	if (stuck_is_free(w, t) || releaser_may(w, stuck, i))
		return true;
	return t->need != NEED_EXIT && w->processes[t->process].handles_child &&
		child_may(w, stuck, t->process);
}

static void
find_slowly(const struct world *w, enum certainty certainty, bool *stuck)
{
	bool changed;

	for (size_t i = 0; i < w->threads_count; i++)
		stuck[i] = true;
	do {
		changed = false;
		for (size_t i = 0; i < w->threads_count; i++)
			if (stuck[i] && may_go_on(w, stuck, i, certainty)) {
				stuck[i] = false;
				changed = true;
			}
	} while (changed);
}

/* Whether thread a waits for thread b. */
static bool
waits_for(const struct world *w, size_t a, size_t b)
{
	const struct thread *t = &w->threads[a];
	size_t process = w->threads[b].process;

	if (t->halt != HALT_NONE)
		return false;
	if (t->resource != NONE)
		for (size_t i = 0; i < w->resources[t->resource].count; i++)
			if (w->resources[t->resource].list[i].process == process)
				return true;
	return t->need != NEED_EXIT && w->processes[t->process].handles_child &&
		w->processes[process].parent_index == t->process;
}

static void
close_over(const struct world *w, const bool *stuck, bool reach[MANY][MANY])
{
	size_t n = w->threads_count;

	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			reach[a][b] = stuck[a] && stuck[b] && waits_for(w, a, b);
	for (size_t k = 0; k < n; k++)
		for (size_t a = 0; a < n; a++)
			for (size_t b = 0; b < n; b++)
				reach[a][b] |= reach[a][k] && reach[k][b];
}

/* --- The comparison ---------------------------------------------------------------- */

static bool
same_sets(const struct world *w)
{
	bool same = true;

	for (enum certainty c = LIKELY; c <= CERTAIN; c++) {
		bool slow[MANY], *fast = stuck_find(w, c);

		find_slowly(w, c, slow);
		for (size_t i = 0; i < w->threads_count; i++)
			same &= slow[i] == fast[i];
		free(fast);
	}
	return same;
}

static bool
is_listed(const size_t *list, size_t count, size_t thread)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == thread)
			return true;
	return false;
}

/* Whether a thread is at an end of the graph: all that it leads to leads back. */
static bool
is_end(const struct world *w, bool reach[MANY][MANY], size_t a)
{
	for (size_t b = 0; b < w->threads_count; b++)
		if (reach[a][b] && !reach[b][a])
			return false;
	return true;
}

static bool
is_awaited(const struct world *w, const bool *stuck, size_t process)
{
	for (size_t a = 0; a < w->threads_count; a++)
		for (size_t b = 0; b < w->threads_count; b++)
			if (stuck[a] && w->threads[b].process == process &&
				waits_for(w, a, b))
				return true;
	return false;
}

/* Whether each stuck thread is in the right findings: at an end, in one with exactly those
 * that it leads to and that lead back; else behind one that it leads to. */
static bool
is_in_place(const struct world *w, const struct findings *f, const bool *stuck,
	bool reach[MANY][MANY], size_t t)
{
	const struct thread *thread = &w->threads[t];
	const struct finding *in = NULL, *behind = NULL;
	bool halted = thread->halt != HALT_NONE;

	for (size_t i = 0; i < f->count; i++) {
		if (f->list[i].verdict == VERDICT_MUTUAL)
			continue;
		if (is_listed(f->list[i].threads, f->list[i].count, t))
			in = &f->list[i];
		if (is_listed(f->list[i].behind, f->list[i].behind_count, t))
			behind = &f->list[i];
	}
	if (!stuck[t])
		return in == NULL && behind == NULL;
	if (!is_end(w, reach, t))
		return in == NULL && behind != NULL && reach[t][behind->threads[0]];
	if (halted)
		return behind == NULL &&
			(in != NULL) == is_awaited(w, stuck, thread->process) &&
			(in == NULL || in->verdict == VERDICT_STOPPED);
	if (in == NULL || behind != NULL)
		return false;
	for (size_t b = 0; b < w->threads_count; b++)
		if (b != t && is_listed(in->threads, in->count, b) != reach[t][b])
			return false;
	return in->verdict == (in->count == 1 ? VERDICT_STUCK : VERDICT_DEADLOCK);
}

/* Whether the mutual findings are of those that wait to hear only, and are not certain. */
static bool
are_mutual(const struct world *w, const struct finding *f, const bool *certain)
{
	bool all = true;

	for (size_t i = 0; i < f->count; i++) {
		if (w->threads[f->threads[i]].need != NEED_DATA)
			return false;
		all &= certain[f->threads[i]];
	}
	return f->count > 1 && !all && f->behind_count == 0;
}

static bool
same_findings(struct world *w)
{
	static bool reach[MANY][MANY];
	struct findings f = findings_find(w);
	bool stuck[MANY], certain[MANY];
	bool same = true;

	find_slowly(w, LIKELY, stuck);
	find_slowly(w, CERTAIN, certain);
	close_over(w, stuck, reach);
	for (size_t t = 0; t < w->threads_count; t++) {
		same &= f.is_stuck[t] == stuck[t];
		same &= is_in_place(w, &f, stuck, reach, t);
	}
	for (size_t i = 0; i < f.count; i++) {
		const struct finding *one = &f.list[i];
		bool all = true;

		if (one->verdict == VERDICT_MUTUAL) {
			same &= are_mutual(w, one, certain);
			continue;
		}
		for (size_t k = 0; k < one->count; k++)
			all &= certain[one->threads[k]];
		same &= one->verdict == VERDICT_STOPPED ? !one->certain || all
							: one->certain == all;
	}
	findings_free(&f);
	return same;
}

static void
test_random(void)
{
	unsigned sets = 0, findings = 0;

	for (unsigned i = 0; i < WORLDS; i++) {
		struct world w;

		srandom(i);
		w = draw_world();
		if (!same_sets(&w)) {
			sets++;
			if (sets == 1)
				diag("the stuck sets of world %u differ", i);
		}
		if (!same_findings(&w)) {
			findings++;
			if (findings == 1)
				diag("the findings of world %u differ", i);
		}
		world_free(&w);
	}
	is_uint(sets, 0, "the stuck sets of random worlds are those of the slow way");
	is_uint(findings, 0, "... and so are the findings");
}

/* A chain as long as a machine has threads needs no more stack than a short one. */
static void
test_long_chain(void)
{
	enum { LENGTH = 200000 };
	struct world w = {
		.alone = true, .in_transit = NONE, .separate = NONE, .registered = NONE
	};
	struct findings f;

	w.processes_count = w.threads_count = LENGTH;
	w.processes = xcalloc(LENGTH, sizeof *w.processes);
	w.threads = xcalloc(LENGTH, sizeof *w.threads);
	for (size_t i = 0; i < LENGTH; i++) {
		size_t r = world_add_resource(&w);

		w.processes[i] = (struct process){
			.pid = i + 1, .first = i, .count = 1, .parent_index = NONE
		};
		world_add_releaser(&w, r,
			(struct releaser){
				(i + 1) % LENGTH, GRADE_EXACT, "holds it", -1 });
		w.threads[i] = (struct thread){ .process = i,
			.is_resolved = true,
			.need = NEED_LOCK,
			.closed = true,
			.timeout = -1,
			.resource = r };
	}
	f = findings_find(&w);
	is_uint(f.count, 1, "a long cycle is one finding");
	is_uint(f.count == 1 ? f.list[0].count : 0, LENGTH, "... of all its threads");
	ok(f.count == 1 && f.list[0].certain, "... and certain");
	findings_free(&f);
	world_free(&w);
}

int
main(void)
{
	test_random();
	test_long_chain();
	return done_testing();
}
