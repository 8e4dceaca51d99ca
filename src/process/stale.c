/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/stale.h"

#include <errno.h>
#include <string.h>

#include "kind/kind.h"
#include "kind/set.h"
#include "process/naming.h"
#include "process/rule-times.h"

const char *
cause_name(enum cause cause)
{
	static const char *const names[CAUSE_COUNT] = {
		[CAUSE_NONE] = "none",
		[CAUSE_GRACE] = "grace",
		[CAUSE_ATTACHED] = "attached",
		[CAUSE_WAITING] = "waiting",
		[CAUSE_RECORDED] = "recorded",
		[CAUSE_MAY_KNOW] = "may-know",
		[CAUSE_MESSAGES] = "messages",
		[CAUSE_NEVER_USED] = "never-used",
		[CAUSE_NAMESPACE] = "namespace",
		[CAUSE_SCAN] = "scan",
		[CAUSE_CLOCK] = "clock",
		[CAUSE_SESSION] = "session",
	};

	return names[cause];
}

static const struct verdict yes = { .stale = STALE_YES };

static struct verdict
no(enum cause cause)
{
	return (struct verdict){ .stale = STALE_NO, .cause = cause };
}

static struct verdict
unknown(enum cause cause)
{
	return (struct verdict){ .stale = STALE_UNKNOWN, .cause = cause };
}

/* One condition: yes if it holds for an object, with the cause if not. */
typedef struct verdict condition_fn(const struct evidence *e, const struct object *o);

/* Takes the first no, or else the first unknown. */
static void
combine(struct verdict *all, const struct verdict *v)
{
	if (all->stale == STALE_NO || v->stale == STALE_YES)
		return;
	if (v->stale == STALE_NO || all->stale == STALE_YES)
		*all = *v;
}

/* --- 1. A process is recorded, and every recorded one has ended -------------------- */

static struct verdict
from_life(enum life life, pid_t pid, const char *what)
{
	struct verdict v = yes;

	switch (life) {
	case LIFE_ENDED:
		return yes;
	case LIFE_ALIVE:
		v = no(CAUSE_RECORDED);
		break;
	case LIFE_UNSEEN:
		v = unknown(CAUSE_NAMESPACE);
		break;
	case LIFE_UNKNOWN:
		v = unknown(CAUSE_SCAN);
		break;
	}
	v.pid = pid;
	v.what = what;
	return v;
}

static struct verdict
semaphore_has_ended(
	const struct evidence *e, const struct object *o, unsigned num, bool *is_recorded)
{
	struct verdict v;
	pid_t pid;

	if (o->kind->set->get_pid(o, num, &pid) < 0) {
		v = unknown(CAUSE_SCAN);
		v.error = errno;
	} else if (pid == 0 && e->context->sees_all) {
		/* No process has used it. */
		return yes;
	} else {
		*is_recorded = true;
		v = from_life(recorded_life(e->context, pid, recorded_semaphores(o), o),
			pid, "last user");
	}
	v.num = num;
	return v;
}

static struct verdict
semaphores_have_ended(const struct evidence *e, const struct object *o)
{
	struct verdict all = yes;
	bool is_recorded = false;

	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && all.stale != STALE_NO; i++) {
		struct verdict v = semaphore_has_ended(e, o, i, &is_recorded);

		combine(&all, &v);
	}
	return all.stale == STALE_YES && !is_recorded ? no(CAUSE_NEVER_USED) : all;
}

struct verdict
stale_recorded(const struct evidence *e, const struct object *o)
{
	struct verdict all = yes;
	bool is_recorded = false;
	enum life life;
	pid_t pid;

	if (o->kind->set != NULL)
		return semaphores_have_ended(e, o);
	for (size_t i = 0; i < recorded_count; i++) {
		struct verdict v;

		if (recorded_get(e->context, o, &recorded[i], &pid, &life) < 0)
			continue;
		is_recorded = true;
		v = from_life(life, pid, recorded[i].what);
		combine(&all, &v);
	}
	return is_recorded ? all : no(CAUSE_NEVER_USED);
}

/* --- 2. No process is attached or waits -------------------------------------------- */

static struct verdict
no_process_waits_on_set(const struct object *o)
{
	struct verdict all = yes;

	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && all.stale != STALE_NO; i++) {
		struct verdict v = yes;

		if (o->kind->set->get_waiters(o, i, &v.waiters) < 0) {
			v = unknown(CAUSE_SCAN);
			v.error = errno;
		} else if (v.waiters > 0) {
			v.stale = STALE_NO;
			v.cause = CAUSE_WAITING;
		}
		v.num = i;
		combine(&all, &v);
	}
	return all;
}

struct verdict
stale_attached(const struct evidence *e, const struct object *o)
{
	(void)e;
	if (o->kind->set != NULL)
		return no_process_waits_on_set(o);
	if ((o->kind->facts & FACT(NATTCH)) && o->fact[FACT_NATTCH] > 0)
		return no(CAUSE_ATTACHED);
	return yes;
}

/* A queue does not know who waits on it. */
struct verdict
stale_waiting(const struct evidence *e, const struct object *o)
{
	struct verdict v;
	size_t count;

	if (!(o->kind->facts & FACT(QNUM)))
		return yes;
	scan_uses(e->scan, o, &count);
	if (count > 0)
		return no(CAUSE_WAITING);
	if (scan_hidden(e->scan) > 0) {
		v = unknown(CAUSE_SCAN);
		v.count = scan_hidden(e->scan);
		return v;
	}
	return context_is_partial(e->context) ? unknown(CAUSE_NAMESPACE) : yes;
}

/* --- 3. It has been quiet for the grace time --------------------------------------- */

uint64_t
stale_grace(const struct context *c, const struct object *o)
{
	uint64_t grace = o->fact[FACT_KEY] == 0 ? rule_times.grace_private
						: rule_times.grace_keyed;

	if (c->has_grace)
		grace = c->grace;
	/* The kernel counts attachments; of sets and queues only the times tell. */
	if (!(o->kind->facts & FACT(NATTCH)) && grace < rule_times.grace_least)
		grace = rule_times.grace_least;
	return grace;
}

static struct verdict
is_quiet(const struct evidence *e, const struct object *o)
{
	time_t quiet = e->context->now - object_active(o);
	uint64_t grace = stale_grace(e->context, o);
	struct verdict v = no(CAUSE_GRACE);

	v.grace = grace;
	return quiet < 0 || (uint64_t)quiet < grace ? v : yes;
}

/* --- 4. It is not a keyed queue that holds messages -------------------------------- */

static struct verdict
has_no_reader_to_come(const struct evidence *e, const struct object *o)
{
	(void)e;
	return (o->kind->facts & FACT(QNUM)) && o->fact[FACT_KEY] != 0 &&
			o->fact[FACT_QNUM] > 0
		? no(CAUSE_MESSAGES)
		: yes;
}

/* --- 5. No living process may know it ---------------------------------------------- */

struct verdict
stale_may_know(const struct evidence *e, const struct object *o)
{
	struct may_know know = user_procs_may_know(e->users, o);
	struct verdict v = yes;

	if (know.answer == ANSWER_YES)
		v = no(CAUSE_MAY_KNOW);
	else if (know.answer == ANSWER_UNKNOWN)
		v = unknown(know.is_leaderless ? CAUSE_SESSION : CAUSE_CLOCK);
	else if (scan_incomplete(e->scan) != NULL)
		v = unknown(CAUSE_SCAN);
	else if (context_is_partial(e->context))
		v = unknown(CAUSE_NAMESPACE);
	if (know.proc != NULL) {
		v.pid = know.proc->pid;
		v.count = user_procs_of(e->users, o)->all.count;
	}
	return v;
}

/* --- All of them ------------------------------------------------------------------- */

/* In the order of the rule. */
static condition_fn *const conditions[] = {
	stale_recorded,
	stale_attached,
	stale_waiting,
	is_quiet,
	has_no_reader_to_come,
	stale_may_know,
};

/* What decides most often at the least cost comes first, and what takes a scan last. */
static condition_fn *const by_cost[] = {
	is_quiet,
	has_no_reader_to_come,
	stale_attached,
	stale_recorded,
	stale_waiting,
	stale_may_know,
};

enum { CONDITIONS = sizeof conditions / sizeof conditions[0] };

void
stale_judge(
	const struct evidence *e, const struct object *o, bool whole, struct verdict *v)
{
	*v = yes;
	for (size_t i = 0; i < CONDITIONS && v->stale != STALE_NO; i++) {
		struct verdict one = (whole ? conditions : by_cost)[i](e, o);

		combine(v, &one);
	}
}

unsigned
stale_needs(const struct kind *kind)
{
	return kind->facts & FACT(QNUM) ? SCAN_USERS | SCAN_WAITERS : SCAN_USERS;
}

/* --- In words ---------------------------------------------------------------------- */

static void
put_ended(const struct context *c, pid_t pid, time_t when, const struct object *o,
	struct buf *b)
{
	if (pid == 0)
		buf_str(b, "by a process outside this PID namespace, which has ended");
	else if (recorded_life(c, pid, when, o) == LIFE_ENDED)
		buf_printf(b, "by process %d, which has ended", (int)pid);
	else
		naming_process(c, pid, "by process ", b);
}

void
stale_last_user(const struct context *c, const struct object *o, struct buf *reason)
{
	time_t when;
	pid_t pid = recorded_last(o, &when);

	if (pid == 0 && when == 0)
		return;
	buf_str(reason, "last used ");
	put_ended(c, pid, when, o, reason);
}

static void
put_grace(const struct context *c, const struct object *o, const struct verdict *v,
	struct buf *b)
{
	time_t quiet = c->now - object_active(o);

	if (quiet < 0) {
		buf_str(b, "its last use lies in the future (the clock was set back)");
		return;
	}
	buf_str(b, "it was used ");
	naming_duration(quiet, b);
	buf_str(b, " ago, less than the grace time of ");
	naming_duration(v->grace, b);
	buf_str(b, " (--grace)");
}

static void
put_recorded(const struct evidence *e, const struct object *o, const struct verdict *v,
	struct buf *b)
{
	if (v->error != 0 || v->what == NULL) {
		buf_printf(b,
			"the last processes of its semaphores could not be read: %s",
			strerror(v->error));
	} else if (v->stale == STALE_UNKNOWN) {
		buf_printf(b, "whether its %s, process %d, lives could not be determined",
			v->what, (int)v->pid);
	} else if (o->kind->set != NULL) {
		naming_process(e->context, v->pid, "process ", b);
		buf_printf(b, " used semaphore %u last", v->num);
	} else {
		buf_printf(b, "its %s lives: ", v->what);
		naming_process(e->context, v->pid, "process ", b);
	}
}

static void
put_scan(const struct evidence *e, const struct verdict *v, struct buf *b)
{
	const char *incomplete = scan_incomplete(e->scan);

	if (v->error != 0)
		buf_printf(b,
			"the last processes of its semaphores could not be read: %s",
			strerror(v->error));
	else if (v->what != NULL)
		buf_printf(b, "whether its %s, process %d, lives could not be determined",
			v->what, (int)v->pid);
	else if (incomplete != NULL)
		buf_printf(b, "not every process could be examined: %s", incomplete);
	else
		buf_printf(b, "%zu process%s could not be examined", v->count,
			v->count == 1 ? "" : "es");
}

static void
put_waiting(const struct evidence *e, const struct object *o, const struct verdict *v,
	struct buf *b)
{
	size_t count;
	const struct use *uses = scan_uses(e->scan, o, &count);

	if (o->kind->set != NULL)
		buf_printf(b, "%u process%s on semaphore %u", v->waiters,
			v->waiters == 1 ? " waits" : "es wait", v->num);
	else
		naming_waiting(uses, count, b);
	naming_users(e->context, uses, count, b);
}

static void
put_may_know(const struct evidence *e, const struct verdict *v, struct buf *b)
{
	const struct scan_proc *p = scan_find(e->scan, v->pid);

	naming_process(e->context, v->pid, "process ", b);
	if (p != NULL) {
		buf_str(b, ", started ");
		naming_time(clocks_start(&e->context->clocks, p->start), b);
		buf_str(b, ",");
	}
	switch (v->cause) {
	case CAUSE_CLOCK:
		buf_str(b,
			" may know it: whether it started before the object was made is "
			"unknown, because the clock at boot is");
		break;
	case CAUSE_SESSION:
		buf_str(b,
			" may know it: the leader of its session has ended, so what it "
			"was "
			"told is unknown");
		break;
	default:
		buf_str(b, " may know it");
	}
	if (v->count > 1)
		buf_printf(b, " (one of %zu such processes)", v->count);
}

void
stale_reason(const struct evidence *e, const struct object *o, const struct verdict *v,
	struct buf *reason)
{
	size_t start;

	switch (v->cause) {
	case CAUSE_NONE:
		start = reason->len;
		stale_last_user(e->context, o, reason);
		if (reason->len == start)
			buf_str(reason, "every process that used it has ended");
		break;
	case CAUSE_GRACE:
		put_grace(e->context, o, v, reason);
		break;
	case CAUSE_ATTACHED:
		naming_attached(e->context, e->scan, o, reason);
		break;
	case CAUSE_WAITING:
		put_waiting(e, o, v, reason);
		break;
	case CAUSE_RECORDED:
		put_recorded(e, o, v, reason);
		break;
	case CAUSE_MAY_KNOW:
	case CAUSE_CLOCK:
	case CAUSE_SESSION:
		put_may_know(e, v, reason);
		break;
	case CAUSE_MESSAGES:
		buf_printf(reason, "it holds %llu message%s for a reader",
			(unsigned long long)o->fact[FACT_QNUM],
			o->fact[FACT_QNUM] == 1 ? ", which waits" : "s, which wait");
		break;
	case CAUSE_NEVER_USED:
		buf_str(reason, "no process has used it yet");
		break;
	case CAUSE_NAMESPACE:
		buf_str(reason,
			"processes outside this PID namespace cannot be seen (--alone "
			"says "
			"that none uses it)");
		break;
	case CAUSE_SCAN:
		put_scan(e, v, reason);
		break;
	case CAUSE_COUNT:
		break;
	}
}
