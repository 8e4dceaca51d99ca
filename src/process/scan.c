/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/xalloc.h"
#include "process/scan-process.h"
#include "process/waiters.h"

struct scan *
scan_new(const struct context *c, unsigned what)
{
	struct scan *s = xcalloc(1, sizeof *s);

	s->context = c;
	s->what = what;
	maps_start(&s->maps);
	s->maps.found = scan_add_use;
	s->maps.data = s;
	s->files.found = scan_add_file_use;
	s->files.data = s;
	return s;
}

void
scan_free(struct scan *s)
{
	if (s == NULL)
		return;
	free(s->procs);
	free(s->ids);
	free(s->uses);
	free(s->ancestors);
	free(s->devices);
	free(s->mappings);
	buf_free(&s->files.room);
	maps_end(&s->maps);
	buf_free(&s->buffer.gids);
	buf_free(&s->incomplete);
	free(s);
}

void
scan_add_device(struct scan *s, dev_t device)
{
	for (size_t i = 0; i < s->devices_count; i++)
		if (s->devices[i] == device)
			return;
	s->devices = xgrow(s->devices, s->devices_count, sizeof *s->devices);
	s->devices[s->devices_count++] = device;
	s->files.devices = s->devices;
	s->files.count = s->devices_count;
}

bool
scan_searches(const struct scan *s, const struct object *o)
{
	return files_are_on(&s->files, o->fact[FACT_DEVICE]);
}

/* --- All of them ------------------------------------------------------------------- */

static int
compare_pids(const void *a, const void *b)
{
	const struct scan_proc *x = a;
	const struct scan_proc *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

const struct scan_proc *
scan_find(struct scan *s, pid_t pid)
{
	const struct scan_proc wanted = { .pid = pid };

	return s->sorted == 0
		? NULL
		: bsearch(&wanted, s->procs, s->sorted, sizeof *s->procs, compare_pids);
}

/* Drops the processes that have ended, and their uses. */
static void
drop_gone(struct scan *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->uses_count; i++) {
		const struct scan_proc *p = scan_find(s, s->uses[i].pid);

		if (p != NULL && !p->is_gone)
			s->uses[kept++] = s->uses[i];
	}
	s->uses_count = kept;
	kept = 0;
	for (size_t i = 0; i < s->count; i++)
		if (!s->procs[i].is_gone)
			s->procs[kept++] = s->procs[i];
	s->count = s->sorted = kept;
}

/* Drops the known processes that are not in the list any more. */
static void
find_gone(struct scan *s, const struct entries *now)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct scan_proc *p = &s->procs[i];

		while (n < now->count && now->list[n].pid < p->pid)
			n++;
		/* A new process with the same pid has another directory. */
		p->is_gone = n == now->count || now->list[n].pid != p->pid ||
			now->list[n].inode != p->inode;
		/* Kernel threads use no objects. */
		s->left |= p->is_gone && !p->is_kernel;
	}
	drop_gone(s);
}

/* Reads the list of processes and examines the new ones. */
static int
pass(struct scan *s)
{
	struct entries now;
	size_t known;

	s->left = false;
	if (entries_read("/proc", &now) < 0) {
		scan_note_incomplete(s, "/proc cannot be read: %s", strerror(errno));
		return -1;
	}
	find_gone(s, &now);
	known = s->count;
	for (size_t i = 0; i < now.count; i++) {
		const struct scan_proc wanted = { .pid = now.list[i].pid };
		struct scan_proc p = { .pid = wanted.pid, .inode = now.list[i].inode };

		if (known > 0 &&
			bsearch(&wanted, s->procs, known, sizeof *s->procs,
				compare_pids) != NULL)
			continue;
		if (!scan_process(s, &p)) {
			s->left = true;
			continue;
		}
		s->procs = xgrow(s->procs, s->count, sizeof *s->procs);
		s->procs[s->count++] = p;
	}
	free(now.list);
	if (s->count > 0)
		qsort(s->procs, s->count, sizeof *s->procs, compare_pids);
	s->sorted = s->count;
	return 0;
}

/*
 * The list of processes is older than the examination of each.  A process that has ended
 * since may have left its work to another one that is not in the list, as workers of a
 * server do.  So the list is read again, and new processes are examined, until no process
 * has ended meanwhile.  A process that ends may take some milliseconds, as one does that
 * has had the last descriptor of a mount.
 */
static void
look_at_all(struct scan *s)
{
	enum { AT_ONCE = 10, PAUSE_NS = 1000 * 1000 };
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	int passes = 0;

	do {
		if (passes > AT_ONCE)
			nanosleep(&pause, NULL);
		if (pass(s) < 0)
			return;
	} while (++passes < 2 || (s->left && passes < ENTRIES_PASSES));
	if (s->left)
		scan_note_incomplete(
			s, "processes come and go too fast to see all of them");
}

/* A process whose parent has ended has a new parent. */
static void
refresh_parents(struct scan *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct scan_proc *p = &s->procs[i];
		const struct scan_proc *parent = scan_find(s, p->parent);
		struct proc now;

		if (p->is_kernel || p->parent == 0 ||
			(parent != NULL && parent->start <= p->start))
			continue;
		if (proc_read(p->pid, &now) == 0)
			p->parent = now.parent;
		else if (!proc_has_left(errno))
			scan_note_incomplete(s,
				"the parent of process %d could not be read: %s",
				(int)p->pid, strerror(errno));
		if (p->parent != 0 && scan_find(s, p->parent) == NULL)
			scan_note_incomplete(s,
				"the parent of process %d has ended meanwhile",
				(int)p->pid);
	}
}

/* Counts the processes that still exist and could not be examined. */
static void
count_hidden(struct scan *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct scan_proc *p = &s->procs[i];

		s->hidden += p->is_hidden;
		s->closed += p->closed != 0;
		if (p->closed != 0 && p->closed != EACCES && p->closed != EPERM)
			s->closed_error = p->closed;
		s->waiting.denied += p->is_denied;
		if (p->may_wait)
			s->waiting.may_wait = p->pid;
		if (p->error != 0) {
			s->waiting.failed++;
			s->waiting.error = p->error;
		}
	}
}

static void
find_ancestors(struct scan *s)
{
	const struct scan_proc *p = scan_find(s, getpid());

	while (p != NULL && s->ancestors_count <= s->count) {
		s->ancestors = xreallocarray(
			s->ancestors, s->ancestors_count + 1, sizeof *s->ancestors);
		s->ancestors[s->ancestors_count++] = p->pid;
		p = p->parent == 0 ? NULL : scan_find(s, p->parent);
	}
}

/* Orders uses by their objects. */
static int
compare_objects(const void *a, const void *b)
{
	const struct use *x = a;
	const struct use *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* Sorts by object, process and use, so that equal uses of a process are adjacent. */
static int
compare_uses(const void *a, const void *b)
{
	const struct use *x = a;
	const struct use *y = b;
	int order = compare_objects(x, y);

	if (order != 0)
		return order;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	return x->detail < y->detail ? -1 : x->detail > y->detail;
}

static bool
is_same_use(const struct use *a, const struct use *b)
{
	return compare_objects(a, b) == 0 && a->pid == b->pid && a->what == b->what &&
		(a->detail == b->detail || a->what <= USE_ATTACHED_RO);
}

static void
merge_uses(struct scan *s)
{
	size_t kept = 0;

	if (s->uses_count > 0)
		qsort(s->uses, s->uses_count, sizeof *s->uses, compare_uses);
	for (size_t i = 0; i < s->uses_count; i++) {
		if (kept > 0 && is_same_use(&s->uses[kept - 1], &s->uses[i]))
			s->uses[kept - 1].count++;
		else
			s->uses[kept++] = s->uses[i];
	}
	s->uses_count = kept;
}

static void
scan_all(struct scan *s)
{
	struct timespec now;

	if (s->done)
		return;
	s->done = true;
	prctl(PR_GET_NAME, s->name);
	clock_gettime(CLOCK_MONOTONIC, &now);
	s->began = now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
	if (stat("/proc/self/ns/ipc", &s->ours) < 0) {
		scan_note_incomplete(s, "/proc cannot be read: %s", strerror(errno));
	} else if (!s->context->proc_is_ours) {
		scan_note_incomplete(s, "/proc does not show this PID namespace");
	} else {
		s->hides = proc_hides();
		if (s->hides)
			scan_note_incomplete(
				s, "/proc hides the processes of other users (hidepid)");
		if ((s->what & SCAN_WAITERS) && !waiters_are_known()) {
			s->waiting.failed++;
			s->waiting.error = ENOSYS;
			s->hidden++;
		}
		look_at_all(s);
		refresh_parents(s);
		count_hidden(s);
		find_ancestors(s);
	}
	if (s->incomplete.len > 0)
		s->hidden++;
	merge_uses(s);
}

bool
scan_is_done(const struct scan *s)
{
	return s->done;
}

uint64_t
scan_began(const struct scan *s)
{
	return s->began;
}

const struct use *
scan_uses(struct scan *s, const struct object *o, size_t *count)
{
	const struct use wanted = {
		.kind = o->kind->is_file ? NULL : o->kind,
		.device = o->kind->is_file ? o->fact[FACT_DEVICE] : 0,
		.id = object_number(o),
	};
	size_t first, end;

	scan_all(s);
	first = array_first(
		&wanted, s->uses, s->uses_count, sizeof *s->uses, compare_objects);
	for (end = first;
		end < s->uses_count && compare_objects(&s->uses[end], &wanted) == 0;
		end++)
		continue;
	*count = end - first;
	return s->uses + first;
}

const struct scan_proc *
scan_procs(struct scan *s, size_t *count)
{
	scan_all(s);
	*count = s->count;
	return s->procs;
}

bool
scan_is_ancestor(struct scan *s, const struct scan_proc *p)
{
	for (size_t i = 0; i < s->ancestors_count; i++)
		if (s->ancestors[i] == p->pid)
			return true;
	return false;
}

bool
scan_runs_under(struct scan *s, const struct scan_proc *p, uid_t uid)
{
	return scan_has_id(s, p->first_id, p->uids, uid);
}

bool
scan_has_group(struct scan *s, const struct scan_proc *p, gid_t gid)
{
	return scan_has_id(s, p->first_id + p->uids, p->gids, gid);
}

const uint32_t *
scan_ids(struct scan *s, const struct scan_proc *p, bool groups, unsigned *count)
{
	*count = groups ? p->gids : p->uids;
	return s->ids + p->first_id + (groups ? p->uids : 0);
}

bool
scan_is_ordinary(struct scan *s, const struct scan_proc *p)
{
	for (size_t i = 0; i < p->uids; i++)
		if (s->ids[p->first_id + i] != 0)
			return true;
	return false;
}

size_t
scan_hidden(const struct scan *s)
{
	return s->hidden;
}

size_t
scan_closed(struct scan *s)
{
	scan_all(s);
	return s->closed;
}

size_t
scan_untraced(struct scan *s, const struct object *o)
{
	size_t count, untraced = 0;
	const struct use *uses = scan_uses(s, o, &count);

	for (size_t i = 0; i < count; i++) {
		const struct scan_proc *p = scan_find(s, uses[i].pid);

		untraced += (i == 0 || uses[i].pid != uses[i - 1].pid) && p != NULL &&
			p->is_untraced;
	}
	return untraced;
}

int
scan_closed_error(struct scan *s)
{
	scan_all(s);
	return s->closed_error;
}

enum scan_gap
scan_gap(const struct scan *s)
{
	if (s->incomplete.len == 0)
		return SCAN_WHOLE;
	if (!s->context->proc_is_ours)
		return SCAN_GAP_FOREIGN;
	if (s->hides)
		return SCAN_GAP_HIDDEN;
	return s->left ? SCAN_GAP_FAST : SCAN_GAP_OTHER;
}

const char *
scan_incomplete(const struct scan *s)
{
	/* scan_note_incomplete() has reserved room for the NUL. */
	return s->incomplete.len > 0 ? buf_text((struct buf *)&s->incomplete) : NULL;
}

const char *
scan_maps_unknown(const struct scan *s)
{
	return s->maps.unknown == 0 ? NULL : strerror(s->maps.unknown);
}

struct scan_waiting
scan_waiting(struct scan *s)
{
	scan_all(s);
	return s->waiting;
}
