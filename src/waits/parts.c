/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/parts.h"

#include <stdlib.h>

#include "lib/xalloc.h"
#include "waits/lists.h"

/*
 * The nodes of the graph have numbers: first all threads, then all resources, then all
 * processes, and then, again for each process, its children, which release it by a
 * handler for SIGCHLD.
 */
struct graph {
	const struct world *w;
	size_t resources, processes, families, end; /* the first number of each sort */
	struct lists children; /* of each process: processes */
};

/* Tarjan's algorithm, without recursion: a chain may be as long as there are threads. */
struct search {
	struct graph g;
	size_t *number; /* of each node: its place in the order of visits, or NONE */
	size_t *low; /* the lowest number on the stack that it leads to */
	size_t *part; /* of each node, or NONE as long as it is on the stack */
	size_t *stack;
	size_t stacked;
	struct {
		size_t node, edge;
	} * path; /* from the root to the current node, and its next edge */
	size_t depth;
	size_t visits;
	size_t *order; /* all nodes, part by part */
	size_t ordered;
	size_t parts;
};

static void
list_children(struct graph *g)
{
	const struct world *w = g->w;

	g->children = lists_new(w->processes_count);
	for (size_t p = 0; p < w->processes_count; p++)
		if (w->processes[p].parent_index != NONE)
			lists_count(&g->children, w->processes[p].parent_index);
	lists_place(&g->children);
	for (size_t p = 0; p < w->processes_count; p++)
		if (w->processes[p].parent_index != NONE)
			lists_put(&g->children, w->processes[p].parent_index, p);
}

/* Edge i of a thread: to what it waits for, and to the children of its process. */
static size_t
edge_of_thread(const struct graph *g, const struct thread *t, size_t i)
{
	if (t->halt != HALT_NONE)
		return NONE;
	if (world_has_releaser(g->w, t) && i-- == 0)
		return g->resources + t->resource;
	if (i > 0 || t->need == NEED_EXIT || !world_process_of(g->w, t)->handles_child)
		return NONE;
	/* Without children this would be an end without threads. */
	return g->children.start[t->process] < g->children.start[t->process + 1]
		? g->families + t->process
		: NONE;
}

/* The node that edge i of a node leads to; NONE after the last one. */
static size_t
edge_of(const struct graph *g, size_t node, size_t i)
{
	const struct resource *r;
	const struct process *p;

	if (node < g->resources)
		return edge_of_thread(g, &g->w->threads[node], i);
	if (node < g->processes) {
		r = &g->w->resources[node - g->resources];
		return i < r->count ? g->processes + r->list[i].process : NONE;
	}
	if (node < g->families) {
		p = &g->w->processes[node - g->processes];
		return i < p->count ? p->first + i : NONE;
	}
	i += g->children.start[node - g->families];
	return i < g->children.start[node - g->families + 1]
		? g->processes + g->children.items[i]
		: NONE;
}

static void
enter(struct search *s, size_t node)
{
	s->number[node] = s->low[node] = s->visits++;
	s->stack[s->stacked++] = node;
	s->path[s->depth].node = node;
	s->path[s->depth++].edge = 0;
}

/* Leaves a node: it is the root of a part if it leads to none before it. */
static void
leave(struct search *s, size_t node)
{
	size_t member;

	s->depth--;
	if (s->depth > 0) {
		size_t before = s->path[s->depth - 1].node;

		if (s->low[node] < s->low[before])
			s->low[before] = s->low[node];
	}
	if (s->low[node] != s->number[node])
		return;
	do {
		member = s->stack[--s->stacked];
		s->part[member] = s->parts;
		s->order[s->ordered++] = member;
	} while (member != node);
	s->parts++;
}

static void
search_from(struct search *s, size_t root)
{
	enter(s, root);
	while (s->depth > 0) {
		size_t node = s->path[s->depth - 1].node;
		size_t next = edge_of(&s->g, node, s->path[s->depth - 1].edge++);

		if (next == NONE)
			leave(s, node);
		else if (s->number[next] == NONE)
			enter(s, next);
		else if (s->part[next] == NONE && s->number[next] < s->low[node])
			s->low[node] = s->number[next];
	}
}

static size_t *
new_numbers(size_t count)
{
	size_t *list = xcalloc(count + 1, sizeof *list);

	for (size_t i = 0; i < count; i++)
		list[i] = NONE;
	return list;
}

static struct search
search_new(const struct world *w)
{
	struct search s = { .g = { .w = w } };

	s.g.resources = w->threads_count;
	s.g.processes = s.g.resources + w->resources_count;
	s.g.families = s.g.processes + w->processes_count;
	s.g.end = s.g.families + w->processes_count;
	list_children(&s.g);
	s.number = new_numbers(s.g.end);
	s.low = new_numbers(s.g.end);
	s.part = new_numbers(s.g.end);
	s.stack = new_numbers(s.g.end);
	s.order = new_numbers(s.g.end);
	s.path = xcalloc(s.g.end + 1, sizeof *s.path);
	return s;
}

static void
search_free(struct search *s)
{
	lists_free(&s->g.children);
	free(s->number);
	free(s->low);
	free(s->part);
	free(s->stack);
	free(s->order);
	free(s->path);
}

/* Finds the end that each part leads to.  All edges of a part are known before the parts
 * that lead to it are looked at. */
static void
find_ends(const struct search *s, struct parts *p)
{
	p->leads_to = new_numbers(s->parts);
	for (size_t i = 0; i < s->ordered; i++) {
		size_t node = s->order[i], part = s->part[node], next;

		for (size_t k = 0; (next = edge_of(&s->g, node, k)) != NONE; k++)
			if (s->part[next] != part && p->leads_to[part] == NONE)
				p->leads_to[part] = p->leads_to[s->part[next]];
		if (i + 1 == s->ordered || s->part[s->order[i + 1]] != part)
			p->leads_to[part] = p->leads_to[part] == NONE ? part
								      : p->leads_to[part];
	}
}

static int
compare_threads(const void *a, const void *b)
{
	const struct parts_thread *x = a, *y = b;

	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return (x->thread > y->thread) - (x->thread < y->thread);
}

struct parts
parts_find(const struct world *w, const bool *is_stuck)
{
	struct search s = search_new(w);
	struct parts p = { 0 };

	for (size_t t = 0; t < w->threads_count; t++)
		if (is_stuck[t] && s.number[t] == NONE)
			search_from(&s, t);
	find_ends(&s, &p);
	p.parts = s.parts;
	p.threads = xcalloc(w->threads_count + 1, sizeof *p.threads);
	for (size_t t = 0; t < w->threads_count; t++)
		if (s.part[t] != NONE)
			p.threads[p.count++] = (struct parts_thread){ t, s.part[t] };
	qsort(p.threads, p.count, sizeof *p.threads, compare_threads);
	p.is_awaited = xcalloc(w->processes_count + 1, sizeof(bool));
	for (size_t i = 0; i < w->processes_count; i++)
		p.is_awaited[i] = s.number[s.g.processes + i] != NONE;
	search_free(&s);
	return p;
}

void
parts_free(struct parts *p)
{
	free(p->threads);
	free(p->leads_to);
	free(p->is_awaited);
}
