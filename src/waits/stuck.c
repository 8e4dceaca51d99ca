/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/stuck.h"

#include <stdlib.h>

#include "lib/xalloc.h"
#include "waits/lists.h"

/* The spreading of the freedom to go on. */
struct spread {
	const struct world *w;
	struct lists waiters; /* of each resource: threads */
	struct lists releases; /* of each process: resources */
	bool *is_stuck; /* of each thread */
	bool *released; /* of each resource */
	bool *called; /* of each process: its handler for SIGCHLD may run */
	bool *reached; /* of each process: it is in the queue, or was */
	size_t *queue; /* of processes that may go on */
	size_t queued;
};

static void
list_waiters(struct spread *s)
{
	const struct world *w = s->w;

	s->waiters = lists_new(w->resources_count);
	for (size_t t = 0; t < w->threads_count; t++)
		if (w->threads[t].resource != NONE)
			lists_count(&s->waiters, w->threads[t].resource);
	lists_place(&s->waiters);
	for (size_t t = 0; t < w->threads_count; t++)
		if (w->threads[t].resource != NONE)
			lists_put(&s->waiters, w->threads[t].resource, t);
}

static void
list_releases(struct spread *s)
{
	const struct world *w = s->w;

	s->releases = lists_new(w->processes_count);
	for (size_t r = 0; r < w->resources_count; r++)
		for (size_t i = 0; i < w->resources[r].count; i++)
			lists_count(&s->releases, w->resources[r].list[i].process);
	lists_place(&s->releases);
	for (size_t r = 0; r < w->resources_count; r++)
		for (size_t i = 0; i < w->resources[r].count; i++)
			lists_put(&s->releases, w->resources[r].list[i].process, r);
}

bool
stuck_is_halted(const struct world *w, const struct process *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (w->threads[p->first + i].halt == HALT_NONE)
			return false;
	return p->count > 0;
}

/* Whether a handler of the process may be what the thread waits for: it could post the
 * semaphore, or write to the pipe whose other end its own process has. */
static bool
waits_for_handler(const struct world *w, const struct thread *t)
{
	const struct resource *r;

	if (world_process_of(w, t)->handles == 0 || t->resource == NONE)
		return false;
	r = &w->resources[t->resource];
	for (size_t i = 0; i < r->count; i++)
		if ((t->need == NEED_DATA && r->list[i].grade == GRADE_OPEN) ||
			(t->by_pipe && r->list[i].process == t->process))
			return true;
	return false;
}

bool
stuck_is_free(const struct world *w, const struct thread *t)
{
	if (t->halt != HALT_NONE)
		return false;
	return t->has_moved || t->is_mutual || !thread_is_blocked(t) || t->is_limited ||
		t->need == NEED_PARTNER || (!world_has_releaser(w, t) && !t->orphaned) ||
		waits_for_handler(w, t);
}

/* Whether what is not known could let a thread go on. */
static bool
is_in_doubt(const struct world *w, const struct thread *t)
{
	const struct process *p = world_process_of(w, t);

	if (w->unread > 0 || w->hides || !w->alone || w->is_changing)
		return true;
	if (t->halt != HALT_NONE)
		return false;
	if (!t->closed || !world_has_releaser(w, t) || p->handles != 0 ||
		p->handles_child)
		return true;
	if (t->by_descriptor &&
		(w->in_transit != NONE || w->hides_transit || w->separate != NONE ||
			w->registered != NONE))
		return true;
	for (size_t i = 0; i < w->resources[t->resource].count; i++)
		if (w->resources[t->resource].list[i].grade != GRADE_EXACT)
			return true;
	return false;
}

static void
reach_process(struct spread *s, size_t process)
{
	if (s->reached[process])
		return;
	s->reached[process] = true;
	s->queue[s->queued++] = process;
}

static void
let_go(struct spread *s, size_t thread)
{
	if (!s->is_stuck[thread] || s->w->threads[thread].halt != HALT_NONE)
		return;
	s->is_stuck[thread] = false;
	reach_process(s, s->w->threads[thread].process);
}

/* A process may go on: so may those that wait for it.  The end of a child, or whatever
 * else the child does, may let the handler for SIGCHLD of its parent run. */
static void
spread_from(struct spread *s, size_t process)
{
	const struct process *p = &s->w->processes[process], *parent;

	for (size_t i = s->releases.start[process]; i < s->releases.start[process + 1];
		i++) {
		size_t r = s->releases.items[i];

		if (s->released[r])
			continue;
		s->released[r] = true;
		for (size_t k = s->waiters.start[r]; k < s->waiters.start[r + 1]; k++)
			let_go(s, s->waiters.items[k]);
	}
	if (p->parent_index == NONE || s->called[p->parent_index])
		return;
	s->called[p->parent_index] = true;
	parent = &s->w->processes[p->parent_index];
	for (size_t i = 0; i < parent->count && parent->handles_child; i++)
		if (s->w->threads[parent->first + i].need != NEED_EXIT)
			let_go(s, parent->first + i);
}

static void
start_spread(struct spread *s, enum certainty certainty)
{
	const struct world *w = s->w;

	for (size_t p = 0; p < w->processes_count; p++)
		if (w->processes[p].count == 0)
			reach_process(s, p);
	for (size_t i = 0; i < w->threads_count; i++) {
		const struct thread *t = &w->threads[i];

		if (stuck_is_free(w, t)) {
			let_go(s, i);
		} else if (certainty == CERTAIN && is_in_doubt(w, t)) {
			s->is_stuck[i] = false;
			reach_process(s, t->process);
		}
	}
}

bool *
stuck_find(const struct world *w, enum certainty certainty)
{
	struct spread s = {
		.w = w,
		.is_stuck = xcalloc(w->threads_count + 1, sizeof(bool)),
		.released = xcalloc(w->resources_count + 1, sizeof(bool)),
		.called = xcalloc(w->processes_count + 1, sizeof(bool)),
		.reached = xcalloc(w->processes_count + 1, sizeof(bool)),
		.queue = xcalloc(w->processes_count + 1, sizeof(size_t)),
	};

	for (size_t i = 0; i < w->threads_count; i++)
		s.is_stuck[i] = true;
	list_waiters(&s);
	list_releases(&s);
	start_spread(&s, certainty);
	for (size_t i = 0; i < s.queued; i++)
		spread_from(&s, s.queue[i]);
	lists_free(&s.waiters);
	lists_free(&s.releases);
	free(s.released);
	free(s.called);
	free(s.reached);
	free(s.queue);
	return s.is_stuck;
}
