/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/victim.h"

#include <stdlib.h>

#include "kind/kind.h"
#include "kind/set.h"
#include "lib/xalloc.h"

void
victim_open(struct victim *v, struct object *o)
{
	kept_object(v->kept, o);
	v->object = o;
}

void
victim_close(struct victim *v)
{
	v->object = NULL;
}

void
victim_keep(struct victim *v)
{
	struct kept *then = v->kept; /* the label is part of it */

	v->kept = kept_make(v->object);
	free(then);
	victim_close(v);
}

int
victim_read_pids(struct victim *v)
{
	const struct object *o = v->object;

	free(v->pids);
	v->pids = NULL;
	if (o->kind->set == NULL)
		return 0;
	v->pids = xcalloc(o->fact[FACT_NSEMS], sizeof *v->pids);
	for (unsigned i = 0; i < o->fact[FACT_NSEMS]; i++) {
		pid_t pid;

		if (o->kind->set->get_pid(o, i, &pid) < 0)
			return -1;
		v->pids[i] = pid;
	}
	return 0;
}

/* Whether a semaphore was used meanwhile.  1, 0, or -1 with errno. */
static int
semaphores_differ(const struct victim *v, const struct object *now)
{
	for (unsigned i = 0; v->pids != NULL && i < now->fact[FACT_NSEMS]; i++) {
		unsigned waiters;
		pid_t pid;

		if (now->kind->set->get_pid(now, i, &pid) < 0 ||
			now->kind->set->get_waiters(now, i, &waiters) < 0)
			return -1;
		if ((uint32_t)pid != v->pids[i] || waiters > 0)
			return 1;
	}
	return 0;
}

int
victim_differs(
	const struct victim *v, const struct object *then, const struct object *now)
{
	static const facts_t facts = FACTS_TIMES | FACT(CPID) | FACT(LPID) | FACT(LSPID) |
		FACT(LRPID) | FACT(NATTCH) | FACT(NSEMS) | FACT(QNUM) | FACT(BTIME) |
		FACT(NLINK);

	for (facts_t left = facts & then->have & now->have; left != 0; left &= left - 1) {
		unsigned fact = __builtin_ctzll(left);

		if (then->fact[fact] != now->fact[fact])
			return 1;
	}
	return semaphores_differ(v, now);
}

void
victim_free(struct victim *v)
{
	free(v->kept);
	free(v->pids);
	free(v->why);
	free(v->refusal);
}
