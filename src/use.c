/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "use.h"

#include <errno.h>
#include <stdlib.h>

#include "kind.h"
#include "procs.h"
#include "xalloc.h"

void
use_name_process(struct buf *b, pid_t pid)
{
	struct buf name = { 0 };

	buf_printf(b, "%d", (int)pid);
	if (procs_command(pid, &name) == 0)
		buf_printf(b, " (%s)", buf_text(&name));
	buf_free(&name);
}

/* One of the semaphores, by its number. */
static int
use_of_semaphore(const struct object *o, const struct semaphore *s, size_t num,
	bool initial, struct buf *reason)
{
	unsigned waiters = s->ncnt + s->zcnt;

	if (waiters > 0) {
		buf_printf(reason, "%u process%s on semaphore %zu", waiters,
			waiters == 1 ? " waits" : "es wait", num);
		return 1;
	}
	if (s->pid == 0 && (initial || o->fact[FACT_OTIME] == 0))
		return 0;
	switch (procs_life(s->pid, object_latest(o, FACT(OTIME) | FACT(CTIME)), o)) {
	case LIFE_ALIVE:
		buf_printf(reason, "the last process of semaphore %zu lives: ", num);
		use_name_process(reason, s->pid);
		return 1;
	case LIFE_UNKNOWN:
		buf_printf(reason,
			"the last process of semaphore %zu may be outside this pid namespace",
			num);
		return 1;
	default:
		return 0;
	}
}

static int
use_of_semaphores(const struct object *o, struct buf *reason)
{
	size_t count = o->fact[FACT_NSEMS];
	struct semaphore *semaphores = xcalloc(count, sizeof *semaphores);
	bool initial = procs_initial_namespace();
	int used = 0;

	if (o->kind->get_semaphores(o, semaphores) < 0) {
		used = kind_is_gone(errno) ? -1 : 1;
		buf_str(reason,
			"its semaphores may not be read, so nobody knows who uses it");
		count = 0;
	}
	for (size_t i = 0; i < count && used == 0; i++)
		used = use_of_semaphore(o, &semaphores[i], i, initial, reason);
	free(semaphores);
	return used;
}

/* Whether one of the last sender and receiver of a queue lives. */
static int
use_of_queue(const struct object *o, struct buf *reason)
{
	enum life life;
	pid_t pid;

	for (size_t i = 0; i < recorded_count; i++) {
		if (procs_recorded(o, &recorded[i], &pid, &life) < 0 || life == LIFE_GONE)
			continue;
		buf_printf(reason, "its %s ", recorded[i].what);
		if (life == LIFE_ALIVE) {
			buf_str(reason, "lives: ");
			use_name_process(reason, pid);
		} else {
			buf_str(reason, "is outside this pid namespace");
		}
		return 1;
	}
	if (o->fact[FACT_QNUM] == 0)
		return 0;
	buf_printf(reason, "it holds %llu message%s",
		(unsigned long long)o->fact[FACT_QNUM],
		o->fact[FACT_QNUM] == 1 ? "" : "s");
	return 1;
}

int
use_of(const struct object *o, struct buf *reason)
{
	if (o->kind->facts & FACT(SEMAPHORES))
		return use_of_semaphores(o, reason);
	if (o->kind->facts & FACT(QNUM))
		return use_of_queue(o, reason);
	if (o->fact[FACT_NATTCH] == 0)
		return 0;
	buf_printf(reason, "%llu attached", (unsigned long long)o->fact[FACT_NATTCH]);
	return 1;
}
