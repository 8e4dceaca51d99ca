/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/finding.h"

#include <signal.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/signal.h"
#include "waits/stuck.h"

/* Where the doubts go, and the text of one, which is used again. */
struct doubts {
	const struct world *w;
	void (*take)(void *arg, const char *text);
	void *arg;
	struct buf text;
};

static void
tell(struct doubts *d)
{
	d->take(d->arg, buf_text(&d->text));
	d->text.len = 0;
}

/* Whether a thread before this one of the finding waits for the same object.  Objects
 * without a reference are told of once. */
static bool
was_told(const struct world *w, const struct finding *f, size_t i)
{
	const struct thread *t = &w->threads[f->threads[i]];

	for (size_t k = 0; k < i; k++) {
		const struct thread *other = &w->threads[f->threads[k]];

		if (other->halt == HALT_NONE && !other->closed &&
			other->need == t->need &&
			(t->ref == NULL || other->ref == NULL
					? t->ref == other->ref
					: strcmp(other->ref, t->ref) == 0))
			return true;
	}
	return false;
}

/* The verb for what ends a wait on an object with a name. */
static const char *
way_to_end(const struct thread *t)
{
	return t->need == NEED_SPACE ? "receive from" : "send to";
}

/* An object with a name or a key: other processes could reach it. */
static void
doubt_name(struct doubts *d, const struct thread *t)
{
	if (t->semaphore >= 0)
		buf_printf(&d->text,
			"a semaphore records no owner; any process that may change %s "
			"could release it",
			t->ref);
	else if (t->ref == NULL)
		buf_printf(&d->text,
			"a queue records no owner; any process that has it open could %s "
			"it",
			way_to_end(t));
	else
		buf_printf(&d->text, "%s has a name; another process could %s it", t->ref,
			way_to_end(t));
	tell(d);
}

static void
doubt_handler(struct doubts *d, const struct process *p)
{
	buf_printf(&d->text, "%s %d handles ", p->name, (int)p->pid);
	signal_put(&d->text, p->handles != 0 ? p->handles : SIGCHLD);
	buf_str(&d->text, "; the handler could release it");
	tell(d);
}

static void
tell_of_process(struct doubts *d, size_t process, const char *before, const char *after)
{
	const struct process *p = &d->w->processes[process];

	buf_printf(&d->text, "%s%s %d%s", before, p->name, (int)p->pid, after);
	tell(d);
}

/* Descriptors that are in no table that was read. */
static void
doubt_descriptors(struct doubts *d)
{
	const struct world *w = d->w;

	if (w->in_transit != NONE)
		tell_of_process(d, w->in_transit,
			"a descriptor is in transit in a socket of ",
			"; it could be the other end");
	if (w->hides_transit) {
		buf_str(&d->text, "this kernel does not show descriptors in transit");
		tell(d);
	}
	if (w->separate != NONE)
		tell_of_process(d, w->separate, "",
			" has a thread with descriptors of its own; one could be the "
			"other end");
	if (w->registered != NONE)
		tell_of_process(d, w->registered, "",
			" has files registered with io_uring; one could be the other "
			"end");
}

/* The threads in question: those of the finding, or, if they are halted, those that wait
 * for them. */
static void
doubt_threads(struct doubts *d, const struct finding *f)
{
	const struct world *w = d->w;
	size_t told = NONE;
	bool by_descriptor = false;

	for (size_t i = 0; i < f->count; i++) {
		const struct thread *t = &w->threads[f->threads[i]];

		by_descriptor |= t->by_descriptor;
		if (t->halt == HALT_NONE && !t->closed && !was_told(w, f, i))
			doubt_name(d, t);
	}
	for (size_t i = 0; i < f->count; i++) {
		const struct thread *t = &w->threads[f->threads[i]];
		const struct process *p = world_process_of(w, t);

		if (t->process != told && (p->handles != 0 || p->handles_child) &&
			!stuck_is_halted(w, p))
			doubt_handler(d, p);
		told = t->process;
	}
	if (by_descriptor)
		doubt_descriptors(d);
}

void
finding_doubts(const struct world *w, const struct finding *f,
	void (*take)(void *arg, const char *text), void *arg)
{
	struct doubts d = { .w = w, .take = take, .arg = arg };
	const struct finding waiters = { .threads = f->behind, .count = f->behind_count };

	if (f->certain)
		return;
	doubt_threads(&d, f->verdict == VERDICT_STOPPED ? &waiters : f);
	if (w->unread > 0) {
		buf_printf(&d.text,
			w->unread == 1 ? "%zu process could not be examined; it could "
					 "release it"
				       : "%zu processes could not be examined; one of "
					 "them could release it",
			w->unread);
		tell(&d);
	}
	if (w->hides) {
		buf_str(&d.text,
			"/proc hides the processes of other users (hidepid); one of them "
			"could release it");
		tell(&d);
	}
	if (w->is_changing) {
		buf_str(&d.text, "processes started faster than they could be examined");
		tell(&d);
	}
	if (!w->alone) {
		buf_str(&d.text,
			"processes outside this PID namespace are not visible (--alone "
			"if none of them takes part)");
		tell(&d);
	}
	buf_free(&d.text);
}
