/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The findings of waits, and the chains of threads that wait, for people. */

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/waits-chain.h"
#include "cmd/waits-view.h"
#include "cmd/waits-words.h"
#include "lib/message.h"
#include "lib/utf8.h"
#include "namespace/container.h"
#include "waits/holds.h"

/* Prints a line with the control characters in it escaped. */
static void
print_line(const char *before, struct buf *text)
{
	struct buf shown = { 0 };

	utf8_show(&shown, text->data, text->len);
	printf("%s%s\n", before, buf_text(&shown));
	buf_free(&shown);
	text->len = 0;
}

static size_t
count_processes(const struct world *w, const struct finding *f)
{
	size_t count = 0, last = NONE;

	for (size_t i = 0; i < f->count; i++) {
		count += w->threads[f->threads[i]].process != last;
		last = w->threads[f->threads[i]].process;
	}
	return count;
}

static void
put_headline(const struct world *w, const struct finding *f, struct buf *b)
{
	size_t processes = count_processes(w, f);

	buf_str(b, verdict_name(f->verdict));
	if (f->verdict != VERDICT_MUTUAL)
		buf_str(b, f->certain ? ", certain: " : ", likely: ");
	switch (f->verdict) {
	case VERDICT_DEADLOCK:
		if (processes == 1)
			buf_printf(b, "%zu threads of one process wait for each other",
				f->count);
		else if (processes == f->count)
			buf_printf(b, "%zu processes wait for each other", processes);
		else
			buf_printf(b, "%zu threads of %zu processes wait for each other",
				f->count, processes);
		break;
	case VERDICT_STUCK:
		buf_str(b, "no process is left that could release it");
		break;
	case VERDICT_STOPPED:
		buf_str(b, "a stopped process holds up others");
		break;
	case VERDICT_MUTUAL:
		buf_printf(b, ": each of %zu %s waits to hear from %s", f->count,
			processes == f->count ? "processes" : "threads",
			f->count == 2 ? "the other" : "another");
		break;
	}
}

static void
print_behind(const struct world *w, const struct finding *f)
{
	enum { NAMED = 20 };
	struct buf b = { 0 };

	if (f->behind_count == 0)
		return;
	buf_str(&b, f->count == 1 ? "waiting behind it: " : "waiting behind them: ");
	for (size_t i = 0; i < f->behind_count && i < NAMED; i++) {
		const struct thread *t = &w->threads[f->behind[i]];

		if (i > 0)
			buf_str(&b, ", ");
		words_thread(w, t, &b);
		if (t->ref == NULL)
			continue;
		buf_printf(&b, " (%s", t->ref);
		if (t->semaphore >= 0)
			buf_printf(&b, "[%ld]", t->semaphore);
		buf_char(&b, ')');
	}
	if (f->behind_count > NAMED)
		buf_printf(&b, " and %zu more", f->behind_count - NAMED);
	print_line("  ", &b);
	buf_free(&b);
}

static void
print_doubt(void *arg, const char *text)
{
	struct buf b = { 0 };

	(void)arg;
	buf_printf(&b, "not certain: %s", text);
	print_line("  ", &b);
	buf_free(&b);
}

static bool
has_locks_only(const struct world *w, const struct finding *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (w->threads[f->threads[i]].need != NEED_LOCK)
			return false;
	return true;
}

/* Appends what continues a frozen process: the program that paused its container, if it
 * is one that knows it by its id, or else the file of the cgroup. */
static void
put_thaw(const struct process *p, struct buf *b)
{
	enum { BRIEF = 12 };
	struct container c;

	container_parse(p->frozen, &c);
	if (c.manager == MANAGER_DOCKER || (c.manager == MANAGER_PODMAN && !c.is_of_user))
		buf_printf(b, "%s unpause %.*s continues it", container_word(c.manager),
			BRIEF, c.name);
	else
		buf_printf(b, "%s continues it", p->thaw);
}

/* What helps, where one step is safe. */
static void
print_advice(const struct world *w, const struct finding *f)
{
	const struct thread *t = &w->threads[f->threads[0]];
	const struct process *p = world_process_of(w, t);
	struct buf b = { 0 };

	if (f->verdict == VERDICT_STOPPED && t->halt == HALT_SIGNAL)
		buf_printf(&b, "kill -CONT %d continues it", (int)p->pid);
	else if (f->verdict == VERDICT_STOPPED && t->halt == HALT_FROZEN)
		put_thaw(p, &b);
	else if (f->verdict == VERDICT_STUCK && f->certain && t->by_pipe)
		buf_printf(&b, "close the %s",
			t->need == NEED_DATA ? "write end in the process that reads"
					     : "read end in the process that writes");
	else if (f->verdict == VERDICT_DEADLOCK && has_locks_only(w, f))
		buf_str(&b, "take these locks in the same order in every process");
	if (b.len > 0) {
		printf("  advice: ");
		print_line("", &b);
	}
	buf_free(&b);
}

static void
print_finding(struct waits_view *v, const struct finding *f)
{
	const struct world *w = &v->look.world;
	struct buf b = { 0 };
	struct chain c;

	put_headline(w, f, &b);
	print_line("", &b);
	buf_free(&b);
	chain_start(&c, v);
	for (size_t i = 0; i < f->count; i++)
		chain_add(&c, f->threads[i], 1, 1);
	chain_print(&c);
	print_behind(w, f);
	if (f->verdict != VERDICT_MUTUAL)
		finding_doubts(w, f, print_doubt, NULL);
	print_advice(w, f);
}

/* Prints the chains of the threads that are shown, if they are blocked or idle. */
static bool
print_chains(struct waits_view *v, const char *title, bool blocked)
{
	struct chain c;

	chain_start(&c, v);
	chain_add_all(&c, blocked);
	if (c.count > 0)
		printf("%s\n", title);
	blocked = c.count > 0;
	chain_print(&c);
	return blocked;
}

/* Appends the threads that wait for what a process holds. */
static void
put_waiters(const struct world *w, const struct hold *h, size_t process, struct buf *b)
{
	enum { NAMED = 5 };
	size_t count = 0;

	for (size_t i = 0; i < w->threads_count; i++) {
		if (!hold_is_awaited(w, h, process, &w->threads[i]) || count++ >= NAMED)
			continue;
		buf_str(b, count == 1 ? "" : ", ");
		words_thread(w, &w->threads[i], b);
	}
	if (count > NAMED)
		buf_printf(b, " and %zu more", count - NAMED);
	if (count > 0)
		buf_str(b, count == 1 ? " waits for it" : " wait for it");
}

static void
print_holds(struct waits_view *v, size_t process)
{
	const struct world *w = &v->look.world;
	struct holds h = holds_find(w, v->look.descriptors, process);
	struct buf first = { 0 }, second = { 0 }, third = { 0 };
	struct chain c;

	words_process(&w->processes[process], &first);
	buf_str(&first,
		h.count > 0                ? " holds"
			: h.unread == NULL ? " holds nothing"
					   : ": what it holds cannot be determined");
	print_line("", &first);
	if (h.unread != NULL)
		say("%d: what it holds may be incomplete: %s",
			(int)w->processes[process].pid, h.unread);
	chain_start(&c, v);
	for (size_t i = 0; i < h.count; i++) {
		buf_str(&first, h.list[i].ref);
		buf_str(&second, h.list[i].what);
		put_waiters(w, &h.list[i], process, &third);
		chain_add_texts(&c, &first, &second, &third);
	}
	chain_print(&c);
	buf_free(&first);
	buf_free(&second);
	buf_free(&third);
	holds_free(&h);
}

/* Prints what each process holds that was asked for; that of one which may not be
 * examined is not known. */
static void
print_all_holds(struct waits_view *v)
{
	const struct world *w = &v->look.world;

	for (size_t i = 0; i < v->operands_count; i++) {
		size_t process;

		if (v->operands[i].pid == 0 || !v->operands[i].is_found)
			continue;
		process = world_find(w, v->operands[i].pid);
		if (w->processes[process].count > 0)
			print_holds(v, process);
	}
}

/* How many threads are not listed, and how they are. */
static void
print_rest(const char *where, size_t count, const char *way)
{
	printf("%s: %zu thread%s (use %s %s)\n", where, count, count == 1 ? "" : "s", way,
		count == 1 ? "it" : "them");
}

void
waits_print_text(struct waits_view *v)
{
	const struct findings *f = &v->look.findings;
	bool any = false;

	for (size_t i = 0; i < f->count; i++)
		if (v->shows_finding[i]) {
			print_finding(v, &f->list[i]);
			any = true;
		}
	any |= print_chains(v, "blocked", true);
	any |= print_chains(v, "idle", false);
	if (!any && !v->has_operands && !v->has_user && v->least == 0)
		printf("no process is stuck: %zu thread%s waiting, and %s can still be "
		       "released\n",
			v->idle, v->idle == 1 ? " is" : "s are",
			v->idle == 1 ? "it" : "each of them");
	else if (!any)
		printf("no thread waits\n");
	else if (!v->all && !v->has_operands && v->idle > 0)
		print_rest("idle", v->idle, "--all to list");
	if (!v->has_operands && v->elsewhere > 0)
		print_rest("in other IPC namespaces", v->elsewhere,
			"--ipc-ns=NS to examine");
	print_all_holds(v);
}
