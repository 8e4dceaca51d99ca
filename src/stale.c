/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stale.h"

#include "kind.h"
#include "proc.h"

/* The worse evidence of two: anything that speaks against it, then what is not known. */
static enum stale
both(enum stale a, enum stale b)
{
	if (a == STALE_NO || b == STALE_NO)
		return STALE_NO;
	return a == STALE_UNKNOWN || b == STALE_UNKNOWN ? STALE_UNKNOWN : STALE_YES;
}

static enum stale
from_life(enum life life)
{
	return life == LIFE_GONE     ? STALE_YES
		: life == LIFE_ALIVE ? STALE_NO
				     : STALE_UNKNOWN;
}

/* The recorded processes of a segment or a queue; at least one has to be there. */
static enum stale
judge_recorded(const struct object *o)
{
	enum stale stale = STALE_YES;
	size_t known = 0;
	enum life life;
	pid_t pid;

	for (size_t i = 0; i < recorded_count && stale != STALE_NO; i++)
		if (proc_recorded(o, &recorded[i], &pid, &life) == 0) {
			stale = both(stale, from_life(life));
			known++;
		}
	return known == 0 ? STALE_NO : stale;
}

/* One of the semaphores; *used says whether a process has ever used it. */
static enum stale
judge_semaphore(const struct object *o, unsigned num, bool initial, bool *used)
{
	unsigned waiters;
	pid_t pid;

	if (o->kind->get_pid(o, num, &pid) < 0)
		return STALE_UNKNOWN;
	if (pid != 0) {
		time_t when = object_latest(o, FACT(OTIME) | FACT(CTIME));

		*used = true;
		if (proc_life(pid, when, o) != LIFE_GONE)
			return STALE_NO;
	}
	if (o->kind->get_waiters(o, num, &waiters) < 0)
		return STALE_UNKNOWN;
	if (waiters > 0)
		return STALE_NO;
	return pid == 0 && !initial ? STALE_UNKNOWN : STALE_YES;
}

static enum stale
judge_semaphores(const struct object *o)
{
	bool initial = proc_initial_namespace();
	enum stale stale = STALE_YES;
	bool used = false;

	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && stale != STALE_NO; i++)
		stale = both(stale, judge_semaphore(o, i, initial, &used));
	/* One that nobody has used yet waits for its user; unread, nobody knows. */
	return stale == STALE_YES && !used ? STALE_NO : stale;
}

/* Whether nobody runs under the owner's uid. */
static enum stale
judge_owner(const struct object *o, struct scan *walk)
{
	int runs = scan_user_runs(walk, o->fact[FACT_UID]);

	return runs < 0 ? STALE_UNKNOWN : runs ? STALE_NO : STALE_YES;
}

/* Whether nobody waits on a queue, which itself does not say so. */
static enum stale
judge_waiters(const struct object *o, struct scan *walk)
{
	size_t count;

	scan_uses(walk, o, &count);
	if (count > 0)
		return STALE_NO;
	return scan_hidden(walk) > 0 ? STALE_UNKNOWN : STALE_YES;
}

enum stale
stale_judge(const struct object *o, struct scan *walk, time_t now, uint64_t grace)
{
	time_t age = now - object_active(o);
	enum stale stale;

	if (age < 0 || (uint64_t)age < grace)
		return STALE_NO;
	if (o->kind->facts & FACT(NATTCH))
		return o->fact[FACT_NATTCH] > 0 || o->fact[FACT_ATIME] == 0
			? STALE_NO
			: judge_recorded(o);
	if (o->kind->facts & FACT(SEMAPHORES)) {
		stale = judge_owner(o, walk);
		return stale == STALE_NO ? STALE_NO : both(stale, judge_semaphores(o));
	}
	stale = judge_recorded(o);
	if (stale != STALE_NO)
		stale = both(stale, judge_owner(o, walk));
	return stale == STALE_NO ? STALE_NO : both(stale, judge_waiters(o, walk));
}

unsigned
stale_needs(const struct kind *kind)
{
	if (kind->facts & FACT(NATTCH))
		return 0;
	return kind->facts & FACT(SEMAPHORES) ? SCAN_USERS : SCAN_USERS | SCAN_WAITERS;
}

void
stale_reason(const struct object *o, struct buf *reason)
{
	pid_t pid = 0, last = 0;
	bool was_creator = false;
	time_t latest = 0;

	for (size_t i = 0; i < recorded_count; i++) {
		time_t when = object_latest(o, recorded[i].times);

		if (!object_has(o, UINT64_C(1) << recorded[i].pid) ||
			o->fact[recorded[i].pid] == 0)
			continue;
		/* The time of the creator is also that of the last change. */
		if (last == 0 || was_creator || when >= latest) {
			last = o->fact[recorded[i].pid];
			latest = when;
		}
		was_creator = recorded[i].pid == FACT_CPID;
	}
	for (unsigned i = 0; o->kind->get_pid != NULL && i < o->fact[FACT_NSEMS]; i++)
		if (o->kind->get_pid(o, i, &pid) == 0 && pid != 0)
			last = pid;
	buf_printf(reason, "last used by process %d, which is gone", (int)last);
}
