/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Waits for what no process of the graph gives: signals, time, and what is not
 * resolved. */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/file.h"
#include "lib/num.h"
#include "lib/signal.h"
#include "lib/xalloc.h"
#include "waits/limit.h"
#include "waits/read.h"
#include "waits/resolve.h"

static bool
has_event(enum call_does does)
{
	return does == CALL_SIGNAL || does == CALL_SLEEP || does == CALL_FUTEX ||
		does == CALL_RESTART || does == CALL_OTHER;
}

/* The call that a signal interrupted, by the place in the kernel where it sleeps: its
 * own number is lost.  Only poll(2), futex(2) and sleeps are restarted in this way, and
 * a sleep that was restarted is not seen in a function of its own.  NULL if that cannot
 * be read. */
static const char *
find_restarted(const struct resolver *r, const struct thread *t)
{
	char path[READ_PATH], text[64];

	snprintf(path, sizeof path, "/proc/%d/task/%d/wchan",
		(int)world_process_of(r->w, t)->pid, (int)t->tid);
	if (file_read(path, text, sizeof text) <= 0 || strcmp(text, "0") == 0)
		return NULL;
	if (strstr(text, "poll") != NULL)
		return "poll";
	return strstr(text, "futex") != NULL ? "futex" : "sleep";
}

/* A set of signals in the status of a thread. */
static uint64_t
read_set(const char *status, const char *label)
{
	const char *p = read_label(status, label);
	uint64_t set = 0;

	if (p != NULL)
		num_scan(&p, 16, UINT64_MAX, &set);
	return set;
}

/* Appends "SIGUSR1 is ignored" for each signal of a set. */
static void
put_signals(struct buf *b, uint64_t set, const char *what)
{
	for (int signo = 1; signo <= 64; signo++) {
		if (!(set & (uint64_t)1 << (signo - 1)))
			continue;
		buf_str(b, b->len > 0 ? ", " : "");
		signal_put(b, signo);
		buf_printf(b, " %s", what);
	}
}

/* Says why a signal that has come, or that is waited for, does not end the wait. */
static void
note_signals(const struct resolver *r, struct thread *t)
{
	struct buf status = { 0 }, note = { 0 };
	char path[READ_PATH];
	uint64_t pending, wanted = 0;
	const char *text;

	snprintf(path, sizeof path, "/proc/%d/task/%d/status",
		(int)world_process_of(r->w, t)->pid, (int)t->tid);
	if (file_read_all(path, &status) == 0) {
		text = buf_text(&status);
		pending = read_set(text, "SigPnd:\t") | read_set(text, "ShdPnd:\t");
		put_signals(&note, pending & read_set(text, "SigBlk:\t"),
			"is pending and blocked");
		if (strcmp(t->name, "sigtimedwait") == 0 &&
			read_memory(t->tid, t->call.args[0], &wanted, sizeof wanted))
			put_signals(&note, wanted & read_set(text, "SigIgn:\t"),
				"is ignored");
	}
	if (note.len > 0)
		t->note = xstrdup(buf_text(&note));
	buf_free(&note);
	buf_free(&status);
}

static void
limit_sleep(const struct resolver *r, struct thread *t)
{
	if (t->call.args[1] & TIMER_ABSTIME)
		limit_at(r->w, t, call_int(&t->call, 0), t->call.args[2]);
	else
		limit_after(t, t->call.args[2]);
}

static void
resolve_event(struct resolver *r, struct thread *t)
{
	const char *name;

	t->is_resolved = true;
	t->need = NEED_EVENT;
	if (t->call.form->does == CALL_SLEEP)
		limit_sleep(r, t);
	if (t->call.form->does == CALL_SIGNAL) {
		note_signals(r, t);
		limit_after(t, t->call.args[1]);
	}
	if (t->call.form->does != CALL_RESTART)
		return;
	name = find_restarted(r, t);
	t->is_resolved = name != NULL;
	if (name != NULL)
		t->name = name;
}

const struct mechanism wait_event = {
	.has = has_event,
	.resolve = resolve_event,
};
