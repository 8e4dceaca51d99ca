/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/waits-words.h"

#include <string.h>

#include "lib/signal.h"
#include "namespace/container.h"

enum { NAMED_RELEASERS = 5 };

const char *
words_need(enum need need)
{
	static const char *const names[] = {
		[NEED_EVENT] = "event",
		[NEED_LOCK] = "lock",
		[NEED_SPACE] = "space",
		[NEED_DATA] = "data",
		[NEED_EXIT] = "exit",
		[NEED_PARTNER] = "partner",
	};

	return names[need];
}

const char *
words_grade(enum grade grade)
{
	static const char *const names[] = {
		[GRADE_OPEN] = "open",
		[GRADE_EVIDENCE] = "evidence",
		[GRADE_EXACT] = "exact",
	};

	return names[grade];
}

void
words_process(const struct process *p, struct buf *b)
{
	buf_printf(b, "%s%s%d", p->name, *p->name == '\0' ? "" : " ", (int)p->pid);
}

void
words_thread(const struct world *w, const struct thread *t, struct buf *b)
{
	const struct process *p = world_process_of(w, t);

	words_process(p, b);
	if (t->tid != p->pid)
		buf_printf(b, "/%d", (int)t->tid);
}

void
words_frozen(const struct process *p, struct buf *b)
{
	struct container c;

	container_parse(p->frozen, &c);
	if (c.manager == MANAGER_NONE || c.manager == MANAGER_UNIT)
		buf_str(b, p->frozen);
	else
		container_put(&c, true, b);
}

/* Appends what stopped a thread. */
static void
put_halt(const struct world *w, const struct thread *t, struct buf *b)
{
	const struct process *p = world_process_of(w, t);
	size_t tracer = world_find(w, p->tracer);

	switch (t->halt) {
	case HALT_FROZEN:
		buf_str(b, "frozen (");
		words_frozen(p, b);
		buf_char(b, ')');
		break;
	case HALT_TRACER:
		buf_str(b, "traced by ");
		if (tracer != NONE)
			words_process(&w->processes[tracer], b);
		else
			buf_str(b, "another process");
		break;
	default:
		buf_str(b, "stopped");
		if (p->stop_signal != 0) {
			buf_str(b, " by ");
			signal_put(b, p->stop_signal);
		}
		break;
	}
}

void
words_call(const struct world *w, const struct thread *t, struct buf *b)
{
	if (t->halt != HALT_NONE) {
		put_halt(w, t, b);
		return;
	}
	if (t->name == NULL || t->has_moved) {
		buf_str(b, "runs");
		return;
	}
	buf_str(b, t->name);
	if (t->ref != NULL)
		buf_printf(b, " %s", t->ref);
	if (t->semaphore >= 0)
		buf_printf(b, "[%ld]", t->semaphore);
	if (t->what != NULL)
		buf_printf(b, ": %s", t->what);
}

void
words_waited(const struct thread *t, struct buf *b)
{
	if (t->name == NULL && t->halt == HALT_NONE)
		return;
	if (t->waited < 0)
		buf_char(b, '?');
	else
		buf_age(b, t->waited);
}

void
words_how(const struct releaser *r, struct buf *b)
{
	buf_str(b, r->how);
	if (r->at >= 0)
		buf_printf(b, " [%ld]", r->at);
}

static void
put_releasers(const struct world *w, const struct resource *r, struct buf *b)
{
	for (size_t i = 0; i < r->count && i < NAMED_RELEASERS; i++) {
		if (i > 0)
			buf_str(b, ", ");
		words_process(&w->processes[r->list[i].process], b);
		buf_char(b, ' ');
		words_how(&r->list[i], b);
	}
	if (r->count > NAMED_RELEASERS)
		buf_printf(b, " and %zu more", r->count - NAMED_RELEASERS);
}

/* Whether only time ends the call, also one that was restarted. */
static bool
is_sleep(const struct thread *t)
{
	return t->call.form->does == CALL_SLEEP || strcmp(t->name, "sleep") == 0;
}

static void
put_time_limit(const struct thread *t, struct buf *b)
{
	if (t->timeout < 0) {
		buf_str(b, "has a time limit");
		return;
	}
	buf_str(b, "waits at most ");
	buf_age(b, t->timeout);
}

void
words_releasers(const struct world *w, const struct thread *t, struct buf *b)
{
	const struct process *p = world_process_of(w, t);
	size_t start = b->len;

	if (t->halt != HALT_NONE || t->name == NULL || t->has_moved)
		return;
	if (world_has_releaser(w, t) && t->by_pipe &&
		world_is_only(w, t->resource, t->process)) {
		buf_str(b, "only ");
		words_process(p, b);
		buf_str(b,
			t->need == NEED_DATA ? " itself has the write end"
					     : " itself has the read end");
	} else if (world_has_releaser(w, t)) {
		put_releasers(w, &w->resources[t->resource], b);
	}
	if (t->note != NULL)
		buf_printf(b, "%s%s", b->len > start ? "; " : "", t->note);
	if (b->len == start && t->is_resolved && is_sleep(t)) {
		buf_str(b, "goes on by itself");
	} else if (t->is_limited) {
		buf_str(b, b->len > start ? "; " : "");
		put_time_limit(t, b);
	} else if (b->len == start && t->is_resolved && t->need == NEED_EVENT) {
		buf_str(b, "waits for an event");
	} else if (b->len == start && t->need != NEED_PARTNER) {
		buf_str(b, "cannot be determined");
	}
}
