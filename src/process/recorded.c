/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/recorded.h"

#include <errno.h>
#include <signal.h>

#include "kind/kind.h"
#include "kind/set.h"
#include "process/proc.h"

/* Whether any uid of a process is the owner's or the creator's. */
static bool
runs_as_user_of(pid_t pid, const struct object *o)
{
	struct proc_ids ids = { 0 };
	bool runs = true; /* if it cannot be read, it may be so */

	if (proc_read_ids(pid, &ids) == 0) {
		runs = false;
		for (int i = 0; i < 4; i++)
			runs |= ids.uids[i] == o->fact[FACT_UID] ||
				ids.uids[i] == o->fact[FACT_CUID];
	}
	buf_free(&ids.gids);
	return runs;
}

enum life
recorded_life(const struct context *c, pid_t pid, time_t when, const struct object *o)
{
	struct proc p;

	if (pid <= 0)
		return c->alone ? LIFE_ENDED : LIFE_UNSEEN;
	/* In another /proc the pid belongs to another process. */
	if (!c->proc_is_ours)
		return kill(pid, 0) < 0 && errno == ESRCH ? LIFE_ENDED : LIFE_ALIVE;
	switch (proc_is_alive(pid)) {
	case 0:
		return LIFE_ENDED;
	case -1:
		return LIFE_UNKNOWN;
	}
	if (proc_read(pid, &p) < 0)
		return LIFE_ALIVE;
	if (clocks_started_after(&c->clocks, p.start, when) == ANSWER_YES &&
		!runs_as_user_of(pid, o))
		return LIFE_ENDED;
	return LIFE_ALIVE;
}

int
recorded_get(const struct context *c, const struct object *o, const struct recorded *r,
	pid_t *pid, enum life *life)
{
	time_t when;

	if (!object_has(o, FACT_BIT(r->pid)))
		return -1;
	when = object_latest(o, r->times);
	*pid = o->fact[r->pid];
	if (*pid == 0 && when == 0)
		return -1;
	*life = recorded_life(c, *pid, when, o);
	return 0;
}

time_t
recorded_semaphores(const struct object *o)
{
	return object_latest(o, FACT(OTIME) | FACT(CTIME));
}

pid_t
recorded_last(const struct object *o, time_t *when)
{
	pid_t pid = 0, last = 0;
	bool was_creator = false, found = false;

	*when = 0;
	for (size_t i = 0; i < recorded_count; i++) {
		time_t time = object_latest(o, recorded[i].times);

		if (!object_has(o, FACT_BIT(recorded[i].pid)) ||
			(o->fact[recorded[i].pid] == 0 && time == 0))
			continue;
		/* ctime, the time of the creator, is also that of the last change. */
		if (!found || was_creator || time >= *when) {
			last = o->fact[recorded[i].pid];
			*when = time;
		}
		found = true;
		was_creator = recorded[i].pid == FACT_CPID;
	}
	for (unsigned i = 0; o->kind->set != NULL && i < o->fact[FACT_NSEMS]; i++)
		if (o->kind->set->get_pid(o, i, &pid) == 0 && pid != 0) {
			last = pid;
			*when = recorded_semaphores(o);
		}
	return last;
}
