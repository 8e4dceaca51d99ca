/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/world.h"

#include <stdlib.h>

#include "lib/array.h"

static int
compare_pid(const void *key, const void *element)
{
	pid_t pid = *(const pid_t *)key;
	const struct process *p = element;

	return (pid > p->pid) - (pid < p->pid);
}

size_t
world_find(const struct world *w, pid_t pid)
{
	const struct process *p;

	if (w->processes_count == 0)
		return NONE;
	p = bsearch(&pid, w->processes, w->processes_count, sizeof *p, compare_pid);
	return p == NULL ? NONE : (size_t)(p - w->processes);
}

size_t
world_add_resource(struct world *w)
{
	w->resources = xgrow(w->resources, w->resources_count, sizeof *w->resources);
	w->resources[w->resources_count] = (struct resource){ 0 };
	return w->resources_count++;
}

void
world_add_releaser(struct world *w, size_t resource, struct releaser releaser)
{
	struct resource *r = &w->resources[resource];

	/* They are added process by process. */
	if (r->count > 0 && r->list[r->count - 1].process == releaser.process)
		return;
	r->list = xgrow(r->list, r->count, sizeof *r->list);
	r->list[r->count++] = releaser;
}

bool
world_is_only(const struct world *w, size_t resource, size_t process)
{
	return w->resources[resource].count == 1 &&
		w->resources[resource].list[0].process == process;
}

bool
thread_is_blocked(const struct thread *t)
{
	return t->is_resolved && t->need != NEED_EVENT;
}

void
world_free(struct world *w)
{
	for (size_t i = 0; i < w->processes_count; i++) {
		free(w->processes[i].frozen);
		free(w->processes[i].thaw);
		free(w->processes[i].inner);
		free(w->processes[i].inner_group);
	}
	for (size_t i = 0; i < w->threads_count; i++) {
		free(w->threads[i].ref);
		free(w->threads[i].what);
		free(w->threads[i].note);
	}
	for (size_t i = 0; i < w->resources_count; i++)
		free(w->resources[i].list);
	free(w->processes);
	free(w->threads);
	free(w->resources);
	*w = (struct world){ .in_transit = NONE, .separate = NONE, .registered = NONE };
}
