/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "derive.h"

#include <linux/capability.h>

#include "caller.h"
#include "kind.h"
#include "proc.h"
#include "stale.h"

facts_t
look_needs(facts_t derived)
{
	if ((derived & FACTS_DERIVED) == 0)
		return 0;
	return FACT(ID) | FACT(UID) | FACT(CUID) | FACT(NATTCH) | FACT(NSEMS) |
		FACT(CPID) | FACT(LPID) | FACT(LSPID) | FACT(LRPID) | FACTS_TIMES;
}

void
look_start(struct look *l)
{
	facts_t asked = l->wanted | l->also;
	unsigned what = 0;

	for (size_t i = 0; i < kinds_count; i++) {
		if (!(l->kinds & 1u << i))
			continue;
		if (asked & FACT(STALE))
			what |= stale_needs(kinds[i]);
		if (asked & (FACT(USES) | FACT(TOUCHED)))
			what |= kinds[i]->mapping != NULL ? SCAN_MAPS : SCAN_WAITERS;
		if ((asked & FACT(WAITED)) && (kinds[i]->facts & FACT(QNUM)))
			what |= SCAN_WAITERS;
	}
	l->walk = scan_new(what);
}

/* The pid of a recorded process, if it lives. */
static pid_t
living(const struct object *o, enum fact pid_fact, time_t *when)
{
	for (size_t i = 0; i < recorded_count; i++) {
		enum life life;
		pid_t pid;

		if (recorded[i].pid != pid_fact ||
			proc_recorded(o, &recorded[i], &pid, &life) < 0 ||
			life != LIFE_ALIVE)
			continue;
		*when = object_latest(o, recorded[i].times);
		return pid;
	}
	return 0;
}

/* The first semaphore's last process that lives. */
static int
living_of_semaphores(const struct object *o, pid_t *found)
{
	time_t when = object_latest(o, FACT(OTIME) | FACT(CTIME));

	*found = 0;
	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && *found == 0; i++) {
		pid_t pid;

		if (o->kind->get_pid(o, i, &pid) < 0)
			return -1;
		if (pid != 0 && proc_life(pid, when, o) == LIFE_ALIVE)
			*found = pid;
	}
	return 0;
}

/* The creator, or where the kernel keeps none, the last user, as long as it lives. */
static void
find_user(struct object *o)
{
	time_t sent = 0, received = 0;
	pid_t pid, receiver;

	if (o->kind->facts & FACT(CPID)) {
		pid = living(o, FACT_CPID, &sent);
	} else if (o->kind->get_pid != NULL) {
		if (living_of_semaphores(o, &pid) < 0)
			return;
	} else {
		pid = living(o, FACT_LSPID, &sent);
		receiver = living(o, FACT_LRPID, &received);
		if (receiver != 0 && (pid == 0 || received > sent))
			pid = receiver;
	}
	object_set(o, FACT_USER, pid);
}

/* Whether a process is known to wait; what may not be read is not known. */
static bool
is_waited(const struct look *l, const struct object *o)
{
	unsigned waiters = 0;
	size_t count = 0;

	if (o->kind->get_waiters != NULL) {
		for (unsigned i = 0; i < o->fact[FACT_NSEMS] && waiters == 0; i++)
			if (o->kind->get_waiters(o, i, &waiters) < 0)
				return false;
		return waiters > 0;
	}
	if (o->kind->facts & FACT(QNUM))
		scan_uses(l->walk, o, &count);
	return count > 0;
}

static bool
is_wanted(const struct look *l, pid_t pid)
{
	for (size_t i = 0; i < l->pids_count; i++)
		if (l->pids[i] == (uint32_t)pid)
			return true;
	return false;
}

/* Whether one of the pids created the object, used it last, or uses it now. */
static bool
is_touched(const struct look *l, const struct object *o)
{
	size_t count;
	const struct use *uses = scan_uses(l->walk, o, &count);
	pid_t pid;

	for (size_t i = 0; i < recorded_count; i++)
		if (object_has(o, UINT64_C(1) << recorded[i].pid) &&
			is_wanted(l, o->fact[recorded[i].pid]))
			return true;
	for (size_t i = 0; i < count; i++)
		if (is_wanted(l, uses[i].pid))
			return true;
	for (unsigned i = 0; o->kind->get_pid != NULL && i < o->fact[FACT_NSEMS]; i++)
		if (o->kind->get_pid(o, i, &pid) == 0 && is_wanted(l, pid))
			return true;
	return false;
}

uint64_t
look_found(const struct object *o)
{
	uint64_t found = 0;

	for (size_t i = 0; i < o->uses_count; i++)
		found += o->uses[i].count;
	return found;
}

/* Finds who uses an object.  Where nobody was found, but some could not be looked at, nobody
 * knows; the kernel counts attachments, so that none may be missing all the same. */
static void
find_uses(const struct look *l, struct object *o)
{
	o->uses = scan_uses(l->walk, o, &o->uses_count);
	if (o->uses_count > 0 || scan_hidden(l->walk) == 0 ||
		((o->kind->facts & FACT(NATTCH)) && o->fact[FACT_NATTCH] == 0))
		o->have |= FACT(USES);
}

void
look_at(struct look *l, struct object *o)
{
	facts_t wanted = l->wanted & o->kind->facts;

	if (!object_has(o, look_needs(wanted) & o->kind->facts))
		return;
	if (wanted & FACT(STALE))
		object_set(o, FACT_STALE, stale_judge(o, l->walk, l->now, l->grace));
	if (wanted & FACT(USES))
		find_uses(l, o);
	if (wanted & FACT(USER))
		find_user(o);
	if (wanted & FACT(WAITED))
		object_set(o, FACT_WAITED, is_waited(l, o));
	if (wanted & FACT(TOUCHED))
		object_set(o, FACT_TOUCHED, is_touched(l, o));
}

size_t
look_hidden(const struct look *l)
{
	return scan_hidden(l->walk);
}

const char *
look_blind(const struct look *l)
{
	return scan_blind(l->walk);
}

const char *
look_why(const struct look *l)
{
	if (scan_blind(l->walk) != NULL)
		return scan_blind(l->walk);
	if (scan_hidden(l->walk) > 0 && !caller_has(CAP_SYS_PTRACE))
		return "run as root for the rest";
	if (scan_hidden(l->walk) > 0)
		return "the others may not be looked at";
	return proc_initial_namespace() ? "the others have come or gone meanwhile"
					: "the others may be outside this pid namespace";
}

void
look_end(struct look *l)
{
	scan_free(l->walk);
}
