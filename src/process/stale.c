/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/stale.h"

#include <errno.h>
#include <inttypes.h>
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
		[CAUSE_USED] = "used",
		[CAUSE_LEASE] = "lease",
		[CAUSE_LINKS] = "links",
		[CAUSE_MODE] = "mode",
	};

	return names[cause];
}

void
stale_combine(struct verdict *all, const struct verdict *v)
{
	if (all->stale == STALE_NO || v->stale == STALE_YES)
		return;
	if (v->stale == STALE_NO || all->stale == STALE_YES)
		*all = *v;
}

/* --- A process is recorded, and every recorded one has ended -------------------- */

static struct verdict
from_life(enum life life, pid_t pid, const char *what)
{
	struct verdict v = stale_unknown(CAUSE_SCAN);

	switch (life) {
	case LIFE_ENDED:
		return stale_yes();
	case LIFE_ALIVE:
		v = stale_no(CAUSE_RECORDED);
		break;
	case LIFE_UNSEEN:
		v = stale_unknown(CAUSE_NAMESPACE);
		break;
	case LIFE_UNKNOWN:
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
		v = stale_unknown(CAUSE_SCAN);
		v.error = errno;
	} else if (pid == 0 && e->context->sees_all) {
		/* No process has used it. */
		return stale_yes();
	} else {
		*is_recorded = true;
		v = from_life(recorded_life(e->context, pid, recorded_semaphores(o), o),
			pid, "last user");
	}
	v.has_num = true;
	v.num = num;
	return v;
}

static struct verdict
semaphores_have_ended(const struct evidence *e, const struct object *o)
{
	struct verdict all = stale_yes();
	bool is_recorded = false;

	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && all.stale != STALE_NO; i++) {
		struct verdict v = semaphore_has_ended(e, o, i, &is_recorded);

		stale_combine(&all, &v);
	}
	return all.stale == STALE_YES && !is_recorded ? stale_no(CAUSE_NEVER_USED) : all;
}

struct verdict
stale_recorded(const struct evidence *e, const struct object *o)
{
	struct verdict all = stale_yes();
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
		stale_combine(&all, &v);
	}
	return is_recorded ? all : stale_no(CAUSE_NEVER_USED);
}

/* --- It has been quiet for the grace time --------------------------------------- */

/* The seconds that an object must be quiet before it can be stale. */
static uint64_t
grace_of(const struct context *c, const struct object *o, bool keyed)
{
	uint64_t grace = keyed ? rule_times.grace_keyed : rule_times.grace_private;

	if (c->has_grace)
		grace = c->grace;
	if (o->kind->stale->has_least_grace && grace < rule_times.grace_least)
		grace = rule_times.grace_least;
	return grace;
}

struct verdict
stale_quiet(const struct evidence *e, const struct object *o)
{
	return stale_quiet_since(e, o, object_active(o), o->fact[FACT_KEY] != 0);
}

struct verdict
stale_quiet_since(
	const struct evidence *e, const struct object *o, time_t active, bool keyed)
{
	time_t quiet = e->context->now - active;
	uint64_t grace = grace_of(e->context, o, keyed);
	struct verdict v = stale_no(CAUSE_GRACE);

	v.grace = grace;
	return quiet < 0 || (uint64_t)quiet < grace ? v : stale_yes();
}

/* --- No living process may know it ---------------------------------------------- */

static struct verdict
from_knowledge(
	const struct evidence *e, const struct object *o, const struct may_know *know)
{
	struct verdict v = stale_yes();

	if (know->answer == ANSWER_YES)
		v = stale_no(CAUSE_MAY_KNOW);
	else if (know->answer == ANSWER_UNKNOWN)
		v = stale_unknown(know->is_leaderless ? CAUSE_SESSION : CAUSE_CLOCK);
	else if (scan_incomplete(e->scan) != NULL)
		v = stale_unknown(CAUSE_SCAN);
	else if (context_is_partial(e->context))
		v = stale_unknown(CAUSE_NAMESPACE);
	if (know->proc != NULL) {
		v.pid = know->proc->pid;
		v.count = user_procs_of(e->users, o)->all.count;
	}
	return v;
}

struct verdict
stale_may_know(const struct evidence *e, const struct object *o)
{
	const struct stale_ops *ops = o->kind->stale;
	struct may_know know;

	if (ops != NULL && ops->may_know != NULL)
		return ops->may_know(e, o);
	know = user_procs_may_know(e->users, o);
	return from_knowledge(e, o, &know);
}

struct verdict
stale_may_find(const struct evidence *e, const struct object *o, time_t made)
{
	struct may_know know = user_procs_may_find(e->users, o, made);

	/* Who leads the session of an ancestor does not matter: the name alone tells. */
	if (know.is_leaderless)
		know = (struct may_know){ .answer = ANSWER_NO };
	return from_knowledge(e, o, &know);
}

/* --- All of them ------------------------------------------------------------------- */

void
stale_judge(
	const struct evidence *e, const struct object *o, bool whole, struct verdict *v)
{
	const struct stale_ops *ops = o->kind->stale;
	stale_condition *const *next;

	*v = ops == NULL ? stale_unknown(CAUSE_SCAN) : stale_yes();
	if (ops == NULL)
		return;
	for (next = whole ? ops->conditions : ops->by_cost;
		*next != NULL && v->stale != STALE_NO; next++) {
		struct verdict one = (*next)(e, o);

		stale_combine(v, &one);
	}
}

unsigned
stale_needs(const struct kind *kind)
{
	return kind->stale == NULL ? 0 : kind->stale->needs;
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
		buf_str(b, "its latest time is in the future (the clock was set back)");
		return;
	}
	buf_str(b, "it was active ");
	naming_duration(quiet, b);
	buf_str(b, " ago, less than the grace time of ");
	naming_duration(v->grace, b);
	buf_str(b, " (--grace)");
}

static void
put_recorded(const struct evidence *e, const struct verdict *v, struct buf *b)
{
	if (v->error != 0 || v->what == NULL) {
		buf_printf(b,
			"the last processes of its semaphores could not be read: %s",
			strerror(v->error));
	} else if (v->stale == STALE_UNKNOWN) {
		buf_printf(b, "whether its %s, process %d, lives could not be determined",
			v->what, (int)v->pid);
	} else if (v->has_num) {
		naming_process(e->context, v->pid, "process ", b);
		buf_printf(b, " used semaphore %u last", v->num);
	} else {
		buf_printf(b, "its %s lives: ", v->what);
		naming_process(e->context, v->pid, "process ", b);
	}
}

static void
put_scan(const struct evidence *e, const struct object *o, const struct verdict *v,
	struct buf *b)
{
	const char *incomplete = scan_incomplete(e->scan);

	if (o->kind->stale == NULL)
		buf_printf(b, "ipctool cannot judge %s", o->kind->title);
	else if (v->error != 0)
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

	if (v->has_num)
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
			"was told is unknown");
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
	const struct stale_ops *ops = o->kind->stale;
	size_t start;

	if (ops != NULL && ops->put_reason != NULL && ops->put_reason(e, o, v, reason))
		return;
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
		put_recorded(e, v, reason);
		break;
	case CAUSE_MAY_KNOW:
	case CAUSE_CLOCK:
	case CAUSE_SESSION:
		put_may_know(e, v, reason);
		break;
	case CAUSE_MESSAGES:
		buf_printf(reason, "it holds %" PRIu64 " message%s for a reader",
			o->fact[FACT_QNUM],
			o->fact[FACT_QNUM] == 1 ? ", which waits" : "s, which wait");
		break;
	case CAUSE_NEVER_USED:
		buf_str(reason, "no process has used it yet");
		break;
	case CAUSE_NAMESPACE:
		buf_str(reason,
			"processes outside this PID namespace cannot be seen (--alone "
			"says that none uses it)");
		break;
	case CAUSE_SCAN:
		put_scan(e, o, v, reason);
		break;
	case CAUSE_USED:
	case CAUSE_LEASE:
	case CAUSE_LINKS:
	case CAUSE_MODE:
	case CAUSE_COUNT:
		break;
	}
}
