/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/derive.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>

#include "kind/access.h"
#include "kind/kind.h"
#include "kind/set.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "process/in-use.h"
#include "process/naming.h"
#include "process/proc.h"
#include "process/rule-times.h"

#define JUDGED (FACT(STALE) | FACT(CAUSE) | FACT(REASON))
#define FACTS_OF_USE (FACT(USED) | FACT(USERS) | FACT(USES) | FACT(USER))

/* The facts that the uses of an object tell.  The reasons name the processes that are
 * attached or wait. */
#define FROM_USES \
	(FACT(USES) | FACT(USER) | FACT(TOUCHED) | FACT(REASON) | FACT(PAGESIZE) | \
		FACT(USERS))

facts_t
derive_needs(facts_t derived)
{
	return (derived & FACTS_DERIVED) == 0 ? 0 : STALE_FACTS;
}

static void
start_evidence(const struct derive *d, struct evidence *e, unsigned what)
{
	e->context = &d->context;
	e->scan = scan_new(&d->context, what);
	e->users = user_table_new(&d->context, e->scan);
	e->mounts = xcalloc(1, sizeof *e->mounts);
	for (size_t i = 0; i < kinds_count; i++) {
		const struct in_use_ops *ops = kinds[i]->in_use;
		dev_t device;

		if ((d->kinds & KIND_BIT(i)) && ops != NULL && ops->device != NULL &&
			ops->device(&device) == 0)
			scan_add_device(e->scan, device);
	}
}

static void
end_evidence(struct evidence *e)
{
	user_table_free(e->users);
	scan_free(e->scan);
	if (e->mounts != NULL)
		mounts_free(e->mounts);
	free(e->mounts);
}

/* What the scan must examine for the verdicts, and what for the uses. */
static void
scan_needs(const struct derive *d, unsigned *judging, unsigned *uses)
{
	facts_t asked = d->wanted;

	*judging = d->what;
	*uses = 0;
	for (size_t i = 0; i < kinds_count; i++) {
		if (!(d->kinds & KIND_BIT(i)))
			continue;
		if (asked & JUDGED)
			*judging |= stale_needs(kinds[i]);
		if ((asked & FROM_USES) ||
			(d->context.searches && (asked & (JUDGED | FACT(USED))) &&
				in_use_tells(kinds[i])))
			*uses |= in_use_needs_of_uses(kinds[i]);
		if (asked & FACT(WAITED))
			*judging |= in_use_needs_of_waits(kinds[i]);
	}
	if (asked & FACT(REASON))
		*judging |= *uses;
}

/* Verdicts on segments need the users of processes and not their maps, and only for
 * segments that are not attached; the uses need the maps alone, which many commands ask
 * for.  Two scans that examine less cost less than one that examines all. */
void
derive_start(struct derive *d)
{
	unsigned judging, uses;

	context_start(&d->context);
	scan_needs(d, &judging, &uses);
	if (uses != SCAN_MAPS || judging != SCAN_USERS)
		judging |= uses;
	start_evidence(d, &d->evidence, judging);
	d->uses = (uses & ~judging) != 0 ? scan_new(&d->context, uses) : d->evidence.scan;
}

/* --- Staleness --------------------------------------------------------------------- */

/* Scans once more, some time after the first scan, because a server may have no process
 * for a moment while it replaces a worker. */
static void
scan_again(struct derive *d)
{
	uint64_t at =
		scan_began(d->evidence.scan) + rule_times.confirm * UINT64_C(1000000);
	const struct timespec then = { at / 1000000000, at % 1000000000 };
	unsigned judging, uses;

	if (d->second.scan != NULL)
		return;
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, NULL) == EINTR)
		continue;
	scan_needs(d, &judging, &uses);
	start_evidence(d, &d->second, judging | uses);
}

static void
judge_object(struct derive *d, struct object *o, facts_t wanted)
{
	const struct evidence *e = &d->evidence;
	bool whole = wanted & (FACT(CAUSE) | FACT(REASON));
	static const char *const words[] = {
		[STALE_NO] = "no",
		[STALE_YES] = "yes",
		[STALE_UNKNOWN] = "unknown",
	};
	size_t start;

	stale_judge(e, o, whole, &d->verdict);
	if (d->verdict.stale == STALE_YES && d->context.confirms) {
		struct object again = *o;

		scan_again(d);
		e = &d->second;
		/* The kernel is asked again. */
		again.have &= ~FACT(USED);
		stale_judge(e, &again, whole, &d->verdict);
	}
	object_set(o, FACT_STALE, d->verdict.stale);
	object_set(o, FACT_CAUSE, d->verdict.cause);
	if (!(wanted & FACT(REASON)))
		return;
	d->reason.len = 0;
	buf_printf(&d->reason, "%s: ", words[d->verdict.stale]);
	start = d->reason.len;
	stale_reason(e, o, &d->verdict, &d->reason);
	o->verdict = buf_text(&d->reason);
	o->reason = o->verdict + start;
	o->have |= FACT(REASON);
}

/* --- Processes --------------------------------------------------------------------- */

/* Finds a recorded process, if it lives.  -1 if that cannot be determined. */
static int
find_living(const struct context *c, const struct object *o, enum fact pid_fact,
	pid_t *found, time_t *when)
{
	*found = 0;
	for (size_t i = 0; i < recorded_count; i++) {
		enum life life;
		pid_t pid;

		if (recorded[i].pid != pid_fact ||
			recorded_get(c, o, &recorded[i], &pid, &life) < 0)
			continue;
		if (life == LIFE_UNKNOWN)
			return -1;
		if (life != LIFE_ALIVE)
			continue;
		*found = pid;
		*when = object_latest(o, recorded[i].times);
	}
	return 0;
}

/* Finds the first last process of a semaphore that lives.  -1 if that cannot be
 * determined. */
static int
living_of_semaphores(const struct context *c, const struct object *o, pid_t *found)
{
	*found = 0;
	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && *found == 0; i++) {
		enum life life;
		pid_t pid;

		if (o->kind->set->get_pid(o, i, &pid) < 0)
			return -1;
		if (pid == 0)
			continue;
		life = recorded_life(c, pid, recorded_semaphores(o), o);
		if (life == LIFE_UNKNOWN)
			return -1;
		if (life == LIFE_ALIVE)
			*found = pid;
	}
	return 0;
}

/* Whether all processes that use an object are found, of a kind for which the kernel
 * tells whether there are any. */
static bool
knows_users(const struct derive *d, const struct object *o)
{
	enum used used = in_use_used(&d->evidence, o);
	size_t count;

	if (used == USED_NO)
		return true;
	scan_uses(d->uses, o, &count);
	return in_use_sees_all(&d->evidence, o) && (count > 0 || used != USED_YES);
}

/* The processes that use an object now.  They are not scanned if the kernel says that
 * there is none. */
static const struct use *
users_now(const struct derive *d, const struct object *o, size_t *count)
{
	*count = 0;
	if ((object_has(o, FACT(NATTCH)) && o->fact[FACT_NATTCH] == 0) ||
		(object_has(o, FACT(USED)) && o->fact[FACT_USED] == USED_NO))
		return NULL;
	return scan_uses(d->uses, o, count);
}

/* Whether the users of an object are known, given the number that was found.  If none was
 * found, but some processes could not be examined, they are unknown.  The kernel counts
 * attachments, so a segment with a count of 0 has none. */
static bool
knows_uses(const struct derive *d, const struct object *o, size_t found)
{
	struct scan *scan = d->uses;

	if (found > 0)
		return true;
	if (in_use_tells(o->kind))
		return knows_users(d, o);
	if (!(o->kind->facts & FACT(NATTCH)))
		return scan_hidden(scan) == 0;
	return o->fact[FACT_NATTCH] == 0 ||
		(scan_hidden(scan) == 0 && scan_maps_unknown(scan) == NULL);
}

/* Finds the last user of an object, if it lives.  -1 if that cannot be determined. */
static int
living_last_user(const struct context *c, const struct object *o, pid_t *found)
{
	static const enum fact last[] = { FACT_LPID, FACT_LSPID, FACT_LRPID };
	time_t latest = 0;

	if (o->kind->set != NULL)
		return living_of_semaphores(c, o, found);
	*found = 0;
	for (size_t i = 0; i < ARRAY_SIZE(last); i++) {
		time_t when = 0;
		pid_t pid;

		if (find_living(c, o, last[i], &pid, &when) < 0)
			return -1;
		if (pid == 0 || (*found != 0 && when <= latest))
			continue;
		*found = pid;
		latest = when;
	}
	return 0;
}

/* Finds the creator while it lives, else the attached or waiting process with the lowest
 * pid, else the last user that lives. */
static void
find_user(const struct derive *d, struct object *o)
{
	const struct context *c = &d->context;
	const struct use *uses = NULL;
	time_t created = 0;
	size_t count = 0;
	pid_t pid;

	if (find_living(c, o, FACT_CPID, &pid, &created) < 0)
		return;
	if (pid == 0) {
		uses = users_now(d, o, &count);
		if (count > 0)
			pid = uses[0].pid;
		else if (living_last_user(c, o, &pid) < 0)
			return;
	}
	if (pid == 0 && !knows_uses(d, o, count))
		return;
	/* In another /proc the name would be that of another process. */
	if (pid == 0 || c->proc_is_ours)
		object_set(o, FACT_USER, pid);
}

static bool
is_wanted(const struct derive *d, pid_t pid)
{
	for (size_t i = 0; i < d->pids_count; i++)
		if (d->pids[i] == (uint32_t)pid)
			return true;
	return false;
}

/* Whether one of the wanted processes may use an object although the search has not found
 * it. */
static bool
uses_are_hidden(const struct derive *d, const struct object *o)
{
	if (!in_use_tells(o->kind) || in_use_used(&d->evidence, o) == USED_NO)
		return false;
	if (!scan_searches(d->uses, o) || scan_incomplete(d->uses) != NULL)
		return true;
	for (size_t i = 0; i < d->pids_count; i++) {
		const struct scan_proc *p = scan_find(d->uses, (pid_t)d->pids[i]);

		if (p != NULL && p->closed != 0)
			return true;
	}
	return false;
}

/* Whether a recorded pid is wanted; notes it if it now belongs to another process. */
static bool
is_recorded(struct derive *d, const struct object *o, pid_t pid, time_t when)
{
	if (!is_wanted(d, pid))
		return false;
	if (d->context.proc_is_ours && proc_is_alive(pid) > 0 &&
		recorded_life(&d->context, pid, when, o) == LIFE_ENDED)
		d->reused = pid;
	return true;
}

/* Whether one of the pids created the object, used it last, or uses it now.  1, 0, or -1
 * if its last users may not be read. */
static int
is_touched(struct derive *d, const struct object *o)
{
	size_t count;
	const struct use *uses = users_now(d, o, &count);
	int touched = uses_are_hidden(d, o) ? -1 : 0;
	pid_t pid;

	for (size_t i = 0; i < recorded_count; i++)
		if (object_has(o, FACT_BIT(recorded[i].pid)) &&
			is_recorded(d, o, o->fact[recorded[i].pid],
				object_latest(o, recorded[i].times)))
			return 1;
	for (size_t i = 0; i < count; i++)
		if (is_wanted(d, uses[i].pid))
			return 1;
	for (unsigned i = 0; o->kind->set != NULL && i < o->fact[FACT_NSEMS]; i++) {
		if (o->kind->set->get_pid(o, i, &pid) < 0)
			touched = -1;
		else if (is_recorded(d, o, pid, recorded_semaphores(o)))
			return 1;
	}
	return touched;
}

uint64_t
derive_found(const struct object *o)
{
	uint64_t found = 0;

	for (size_t i = 0; i < o->uses_count; i++)
		found += o->uses[i].count;
	return found;
}

static void
find_uses(const struct derive *d, struct object *o)
{
	o->uses = users_now(d, o, &o->uses_count);
	if (knows_uses(d, o, o->uses_count))
		o->have |= FACT(USES);
}

static void
count_users(const struct derive *d, struct object *o)
{
	size_t count;
	const struct use *uses = users_now(d, o, &count);

	if (knows_users(d, o))
		object_set(o, FACT_USERS, naming_count(uses, count));
}

/* The facts that the kernel and a search of the processes tell together.  Those that
 * cannot be determined are unknown. */
static void
find_use_facts(const struct derive *d, struct object *o, facts_t wanted)
{
	object_set(o, FACT_USED, in_use_used(&d->evidence, o));
	if (!used_is_known(o->fact[FACT_USED]))
		o->unknown |= FACT(USED);
	if (wanted & FACT(USERS))
		count_users(d, o);
}

/* Facts that could not be determined count as unknown, not as unread: what they lack is
 * not in the object. */
static void
note_unknown(struct object *o, facts_t wanted)
{
	facts_t missing = wanted & FACTS_OF_USE & ~o->have;

	o->unknown |= missing;
	o->have |= missing;
}

/* Finds the size of the pages of a segment, which no call tells, but each mapping. */
static void
find_page_size(const struct derive *d, struct object *o)
{
	const struct use *uses;
	size_t count;

	if (o->fact[FACT_NATTCH] == 0) {
		object_set(o, FACT_PAGESIZE, 0);
		return;
	}
	uses = scan_uses(d->uses, o, &count);
	if (count > 0)
		object_set(o, FACT_PAGESIZE, uses[0].page_size);
}

void
derive_facts(struct derive *d, struct object *o)
{
	facts_t wanted = d->wanted & o->kind->facts;
	const struct stale_ops *rule = o->kind->stale;
	facts_t may_lack = rule == NULL ? 0 : rule->may_lack;
	int touched;

	o->context = &d->context;
	if (!object_has(o, derive_needs(wanted) & o->kind->facts & ~may_lack))
		return;
	if ((wanted & FACTS_OF_USE) && in_use_tells(o->kind))
		find_use_facts(d, o, wanted);
	if (wanted & JUDGED)
		judge_object(d, o, wanted);
	if (wanted & FACT(USES))
		find_uses(d, o);
	if (wanted & FACT(USER))
		find_user(d, o);
	if (wanted & FACT(PAGESIZE))
		find_page_size(d, o);
	if ((wanted & FACT(WAITED)) && o->kind->in_use != NULL)
		object_set(o, FACT_WAITED, in_use_is_waited(&d->evidence, o));
	if (wanted & FACT(TOUCHED)) {
		touched = is_touched(d, o);
		if (touched >= 0)
			object_set(o, FACT_TOUCHED, touched);
		else
			o->unknown |= FACT(TOUCHED);
	}
	if (in_use_tells(o->kind))
		note_unknown(o, wanted);
}

const char *
derive_advice(void)
{
	return access_is_root() ? "CAP_SYS_PTRACE is missing"
				: "run as root for the rest";
}

const char *
derive_why(const struct derive *d)
{
	struct scan *scan = d->uses;

	if (scan_incomplete(scan) != NULL)
		return scan_incomplete(scan);
	if (scan_maps_unknown(scan) != NULL)
		return "which file system segments live in could not be determined "
		       "(memfd_create)";
	if (scan_hidden(scan) > 0 && !access_has_over_processes(CAP_SYS_PTRACE))
		return derive_advice();
	if (scan_hidden(scan) > 0)
		return "the others may not be looked at";
	return "the other processes may be outside this PID namespace, or may have "
	       "moved to another IPC namespace";
}

void
derive_end(struct derive *d)
{
	if (d->uses != d->evidence.scan)
		scan_free(d->uses);
	d->uses = NULL;
	end_evidence(&d->evidence);
	end_evidence(&d->second);
	buf_free(&d->reason);
}
