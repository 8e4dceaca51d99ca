/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/look.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "process/proc.h"
#include "waits/freeze.h"
#include "waits/read.h"
#include "waits/resolve.h"

/* One look lies under load: what a thread waits for may be released before what holds
 * another is read.  A thread that did not run between two looks was blocked throughout,
 * so what only it could release was not released. */
enum { ROUNDS_MAX = 3 };

static uint64_t
time_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
sleep_until(uint64_t end)
{
	struct timespec t = { end / 1000000000, end % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		continue;
}

void
look_free(struct look *l)
{
	findings_free(&l->findings);
	if (l->descriptors != NULL)
		descriptors_free(l->descriptors);
	world_free(&l->world);
	*l = (struct look){ 0 };
}

static void
find_again(struct look *l)
{
	findings_free(&l->findings);
	l->findings = findings_find(&l->world);
}

/* Whether a stuck thread relies on who has some descriptors. */
static bool
relies_on_descriptors(const struct look *l)
{
	for (size_t i = 0; i < l->world.threads_count; i++)
		if (l->findings.is_stuck[i] && l->world.threads[i].by_descriptor)
			return true;
	return false;
}

static void
first_look(struct look *l)
{
	freeze_find(&l->world);
	l->descriptors = descriptors_new(&l->world);
	resolve_all(&l->world, l->descriptors);
	l->findings = findings_find(&l->world);
	if (!relies_on_descriptors(l))
		return;
	descriptors_find_hidden(l->descriptors);
	find_again(l);
}

static bool
needs_second_look(const struct look *l, size_t thread)
{
	return l->findings.is_stuck[thread] || look_is_blocked(l, thread);
}

/* Returns whether there was any thread to look at. */
static bool
second_look(struct look *l, uint64_t at)
{
	bool any = false, moved = false;

	for (size_t i = 0; i < l->world.threads_count; i++) {
		struct thread *t = &l->world.threads[i];

		if (!needs_second_look(l, i))
			continue;
		if (!any)
			sleep_until(at);
		any = true;
		if (read_again(&l->world, t))
			continue;
		moved = t->has_moved = true;
		t->halt = HALT_NONE;
	}
	if (moved)
		find_again(l);
	return any;
}

/* Whether no process but our own could be examined, which is always possible. */
static bool
is_all_unread(const struct world *w)
{
	for (size_t i = 0; i < w->processes_count; i++)
		if (w->processes[i].count > 0 && w->processes[i].pid != getpid())
			return false;
	return w->unread > 0;
}

int
look_at_all(struct look *l, uint64_t interval, bool alone)
{
	alone = alone || proc_initial_namespace();
	for (int round = 1;; round++) {
		uint64_t at = time_now() + interval;

		*l = (struct look){ 0 };
		if (read_world(&l->world) < 0)
			return -1;
		errno = EPERM;
		if (is_all_unread(&l->world))
			return -1;
		l->world.alone = alone;
		l->world.hides = proc_hides();
		first_look(l);
		if (!second_look(l, at) || l->findings.count == 0 ||
			!read_has_new(&l->world))
			return 0;
		if (round == ROUNDS_MAX)
			break;
		look_free(l);
	}
	l->world.is_changing = true;
	find_again(l);
	return 0;
}

bool
look_is_blocked(const struct look *l, size_t thread)
{
	const struct thread *t = &l->world.threads[thread];

	return !l->findings.is_stuck[thread] && !t->has_moved && t->is_resolved &&
		(t->need == NEED_LOCK || t->need == NEED_SPACE ||
			t->need == NEED_PARTNER);
}

bool
look_is_idle(const struct look *l, size_t thread)
{
	const struct thread *t = &l->world.threads[thread];

	return !l->findings.is_stuck[thread] && !t->has_moved && t->name != NULL &&
		!look_is_blocked(l, thread);
}
