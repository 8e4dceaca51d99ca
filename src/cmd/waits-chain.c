/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/waits-chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/waits-words.h"
#include "lib/array.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"

enum { INDENT = 2, FOLLOWED = 5 };

void
chain_start(struct chain *c, struct waits_view *v)
{
	*c = (struct chain){ .v = v };
	c->is_printed = xcalloc(v->look.world.threads_count + 1, sizeof(bool));
}

/* Stores a text of a line, with its control characters escaped. */
static void
set_text(struct chain_line *line, size_t column, size_t indent, struct buf *text)
{
	struct buf shown = { 0 };

	for (size_t i = 0; i < indent; i++)
		buf_char(&shown, ' ');
	line->width[column] = indent + utf8_show(&shown, text->data, text->len);
	line->text[column] = xstrdup(buf_text(&shown));
	buf_free(&shown);
	text->len = 0;
}

static struct chain_line *
add_line(struct chain *c)
{
	c->lines = xgrow(c->lines, c->count, sizeof *c->lines);
	c->lines[c->count] = (struct chain_line){ 0 };
	return &c->lines[c->count++];
}

void
chain_add(struct chain *c, size_t thread, size_t alike, size_t depth)
{
	const struct world *w = &c->v->look.world;
	const struct thread *t = &w->threads[thread];
	struct chain_line *line = add_line(c);
	struct buf b = { 0 };

	c->is_printed[thread] = true;
	words_thread(w, t, &b);
	if (alike > 1)
		buf_printf(&b, " and %zu more", alike - 1);
	set_text(line, 0, INDENT * depth, &b);
	words_call(w, t, &b);
	set_text(line, 1, 0, &b);
	words_waited(t, &b);
	set_text(line, 2, 0, &b);
	words_releasers(w, t, &b);
	set_text(line, 3, 0, &b);
	buf_free(&b);
}

void
chain_add_texts(struct chain *c, struct buf *first, struct buf *second, struct buf *third)
{
	struct chain_line *line = add_line(c);

	set_text(line, 0, INDENT, first);
	set_text(line, 1, 0, second);
	set_text(line, 2, 0, third);
}

/* Adds a line for a process that has no thread to show, or one that was shown already. */
static void
add_note(struct chain *c, const struct process *p, const char *note, size_t depth)
{
	struct chain_line *line = add_line(c);
	struct buf b = { 0 };

	words_process(p, &b);
	set_text(line, 0, INDENT * depth, &b);
	buf_str(&b, note);
	set_text(line, 1, 0, &b);
	buf_free(&b);
}

/* The thread of a process that tells best why it may go on: one that is not blocked. */
static size_t
find_speaker(const struct chain *c, const struct process *p)
{
	for (size_t i = p->first; i < p->first + p->count; i++)
		if (!look_is_blocked(&c->v->look, i))
			return i;
	return p->first;
}

static void follow(struct chain *c, size_t thread, size_t depth);

static void
follow_process(struct chain *c, size_t process, size_t depth)
{
	const struct process *p = &c->v->look.world.processes[process];
	size_t speaker;

	if (p->count == 0) {
		add_note(c, p,
			p->is_unread           ? "could not be examined"
				: p->is_zombie ? "has ended"
					       : "runs",
			depth);
		return;
	}
	speaker = find_speaker(c, p);
	if (c->is_printed[speaker]) {
		add_note(c, p, "(above)", depth);
		return;
	}
	chain_add(c, speaker, 1, depth);
	follow(c, speaker, depth);
}

/* Adds what a thread waits for, below it.  Processes that merely have the object open are
 * named, but not followed: that would list whole pools of threads. */
static void
follow(struct chain *c, size_t thread, size_t depth)
{
	const struct world *w = &c->v->look.world;
	const struct thread *t = &w->threads[thread];
	const struct resource *r;

	if (t->halt != HALT_NONE || !world_has_releaser(w, t))
		return;
	r = &w->resources[t->resource];
	for (size_t i = 0; i < r->count && i < FOLLOWED; i++)
		if (r->list[i].grade != GRADE_OPEN && r->list[i].process != t->process)
			follow_process(c, r->list[i].process, depth + 1);
}

/* --- Which threads ------------------------------------------------------ */

/* A thread to show, with what makes it like others. */
struct root {
	const struct chain *c;
	size_t thread;
	bool is_awaited; /* another one leads to it */
};

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

/* Orders threads so that those that are alike are side by side. */
static int
compare_alike(const struct root *a, const struct root *b)
{
	const struct world *w = &a->c->v->look.world;
	const struct thread *x = &w->threads[a->thread], *y = &w->threads[b->thread];
	int order = strcmp(world_process_of(w, x)->name, world_process_of(w, y)->name);

	if (order == 0)
		order = compare_text(x->name, y->name);
	if (order == 0)
		order = compare_text(x->ref, y->ref);
	if (order == 0)
		order = compare_text(x->note, y->note);
	if (order == 0 && x->resource != y->resource)
		order = x->resource < y->resource ? -1 : 1;
	if (order == 0 && x->semaphore != y->semaphore)
		order = x->semaphore < y->semaphore ? -1 : 1;
	return order == 0 ? (int)x->halt - (int)y->halt : order;
}

static int
compare_roots(const void *a, const void *b)
{
	const struct root *x = a, *y = b;
	int order;

	if (x->is_awaited != y->is_awaited)
		return x->is_awaited ? 1 : -1;
	order = compare_alike(x, y);
	if (order != 0)
		return order;
	return (x->thread > y->thread) - (x->thread < y->thread);
}

static void
mark_awaited(const struct world *w, const struct thread *t, bool *awaited)
{
	if (t->resource == NONE)
		return;
	for (size_t i = 0; i < w->resources[t->resource].count; i++)
		if (w->resources[t->resource].list[i].process != t->process)
			awaited[w->resources[t->resource].list[i].process] = true;
}

/* The threads to show, those first to which no other leads. */
static struct root *
find_roots(const struct chain *c, bool blocked, size_t *count)
{
	const struct waits_view *v = c->v;
	const struct world *w = &v->look.world;
	bool *awaited = xcalloc(w->processes_count + 1, sizeof *awaited);
	struct root *list = NULL;

	*count = 0;
	for (size_t i = 0; i < w->threads_count; i++)
		if (v->shows_thread[i] && look_is_blocked(&v->look, i) == blocked) {
			list = xgrow(list, *count, sizeof *list);
			list[(*count)++] = (struct root){ c, i, false };
			if (blocked)
				mark_awaited(w, &w->threads[i], awaited);
		}
	for (size_t i = 0; i < *count; i++)
		list[i].is_awaited = awaited[w->threads[list[i].thread].process];
	if (*count > 0)
		qsort(list, *count, sizeof *list, compare_roots);
	free(awaited);
	return list;
}

void
chain_add_all(struct chain *c, bool blocked)
{
	size_t count, alike;
	struct root *roots = find_roots(c, blocked, &count);

	for (size_t i = 0; i < count; i += alike) {
		alike = 1;
		while (!c->v->each_thread && i + alike < count &&
			compare_alike(&roots[i], &roots[i + alike]) == 0 &&
			roots[i].is_awaited == roots[i + alike].is_awaited)
			alike++;
		if (c->is_printed[roots[i].thread] && alike == 1)
			continue;
		chain_add(c, roots[i].thread, alike, 1);
		if (blocked || c->v->has_operands)
			follow(c, roots[i].thread, 1);
	}
	free(roots);
}

/* --- Printing ------------------------------------------------------------ */

static void
print_chain_line(const struct chain_line *line, const size_t *width)
{
	size_t last = 0, pending = 0;

	for (size_t k = 0; k < CHAIN_COLUMNS; k++)
		if (line->text[k] != NULL && *line->text[k] != '\0')
			last = k;
	for (size_t k = 0; k <= last; k++) {
		const char *text = line->text[k] == NULL ? "" : line->text[k];

		printf("%*s%s", (int)pending, "", text);
		pending = width[k] - line->width[k] + 2;
	}
	putchar('\n');
}

void
chain_print(struct chain *c)
{
	size_t width[CHAIN_COLUMNS] = { 0 };

	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < CHAIN_COLUMNS; k++)
			if (c->lines[i].width[k] > width[k])
				width[k] = c->lines[i].width[k];
	for (size_t i = 0; i < c->count; i++) {
		print_chain_line(&c->lines[i], width);
		for (size_t k = 0; k < CHAIN_COLUMNS; k++)
			free(c->lines[i].text[k]);
	}
	free(c->lines);
	free(c->is_printed);
}
