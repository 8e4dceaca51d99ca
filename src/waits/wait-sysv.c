/* SPDX-License-Identifier: GPL-3.0-or-later */

/* System V semaphores and queues.  Neither records who holds it: the last user is the
 * best evidence that there is. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kind/set.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "process/recorded.h"
#include "waits/limit.h"
#include "waits/read.h"
#include "waits/reference.h"
#include "waits/resolve.h"

enum { OPS_MAX = 500 };

/* A set or queue that threads wait for, read once. */
struct target {
	const struct kind *kind;
	uint32_t id;
	bool is_read;
	struct object object;
	struct semaphore *list; /* of a set */
};

struct sets {
	struct context context;
	struct target *list;
	size_t count;
};

static const char taker, others, for_zero, queue_end; /* identify resources */

static bool
has_sysv(enum call_does does)
{
	return does == CALL_SEMOP || does == CALL_MSGSND || does == CALL_MSGRCV;
}

/* The object of a call; is_read tells whether it could be read. */
static const struct target *
find_target(struct resolver *r, const char *type, uint32_t id)
{
	const struct kind *kind = kind_by_name(type, strlen(type));
	struct ref ref = { .kind = kind, .number = id };
	struct buf cause = { 0 };
	struct target *t;

	if (r->sets == NULL) {
		r->sets = xcalloc(1, sizeof *r->sets);
		context_start(&r->sets->context);
	}
	for (size_t i = 0; i < r->sets->count; i++)
		if (r->sets->list[i].kind == kind && r->sets->list[i].id == id)
			return &r->sets->list[i];
	r->sets->list = xgrow(r->sets->list, r->sets->count, sizeof *t);
	t = &r->sets->list[r->sets->count++];
	*t = (struct target){ .kind = kind, .id = id };
	t->is_read = kind != NULL && source_find(&ref, NULL, &t->object, &cause) == 1;
	if (t->is_read && kind->set != NULL) {
		t->list = xcalloc(t->object.fact[FACT_NSEMS] + 1, sizeof *t->list);
		t->is_read = kind->set->get_semaphores(&t->object, t->list) == 0;
	}
	buf_free(&cause);
	return t;
}

/* Adds a process by the pid that the kernel recorded in an object at a time, if it lives,
 * and is not another one with the same pid. */
static void
add_recorded(struct resolver *r, size_t resource, const struct object *o,
	struct releaser releaser, pid_t pid, time_t when)
{
	releaser.process = pid > 0 ? world_find(r->w, pid) : NONE;
	if (releaser.process == NONE || r->w->processes[releaser.process].is_zombie ||
		recorded_life(&r->sets->context, pid, when, o) == LIFE_ENDED)
		return;
	releaser.grade = GRADE_EVIDENCE;
	world_add_releaser(r->w, resource, releaser);
}

/* The last user of a semaphore. */
static void
add_last_user(struct resolver *r, size_t resource, const struct target *set, size_t num,
	struct releaser releaser)
{
	add_recorded(r, resource, &set->object, releaser, set->list[num].pid,
		recorded_semaphores(&set->object));
}

/* --- Semaphores ------------------------------- */

struct sem_step {
	uint16_t num;
	int16_t op, flags;
};

/* Finds the operation that blocks, as the kernel does: the first that the values do not
 * allow.  Returns false if there is none: the values have changed. */
static bool
find_operation(
	const struct target *set, struct sem_step *ops, size_t count, size_t *which)
{
	uint64_t nsems = set->object.fact[FACT_NSEMS];
	bool blocks = false;
	int64_t *values = xcalloc(nsems + 1, sizeof *values);

	for (size_t i = 0; i < nsems; i++)
		values[i] = set->list[i].val;
	for (size_t i = 0; i < count && !blocks; i++) {
		if (ops[i].num >= nsems)
			break;
		*which = i;
		blocks = ops[i].op == 0 ? values[ops[i].num] != 0
					: values[ops[i].num] + ops[i].op < 0;
		values[ops[i].num] += ops[i].op;
	}
	free(values);
	return blocks;
}

/* The processes that were last at the semaphores of a set, except at one. */
static size_t
find_last_users(
	struct resolver *r, const struct target *set, const void *sort, uint64_t except)
{
	struct key key = { .sort = sort, .a = set->id, .b = except };
	bool is_new;
	size_t resource = resolve_resource(r, key, &is_new);

	for (size_t i = 0; i < set->object.fact[FACT_NSEMS] && is_new; i++)
		if (i != except)
			add_last_user(r, resource, set, i,
				(struct releaser){ .how = "was last at", .at = i });
	return resource;
}

/* Whether the last change may have been SETVAL or SETALL, which take nothing: only
 * semop(2) sets the time of the last operation. */
static bool
may_have_been_set(const struct object *set)
{
	return !object_has(set, FACT(OTIME) | FACT(CTIME)) ||
		set->fact[FACT_OTIME] < set->fact[FACT_CTIME];
}

/* The semaphore has too few units: whoever took the last one could give it back. */
static void
wait_for_units(struct resolver *r, struct thread *t, const struct target *set, size_t num)
{
	const struct semaphore *s = &set->list[num];
	pid_t last = s->pid;
	size_t resource;
	bool is_new;

	t->need = NEED_LOCK;
	if (last == 0 || last == world_process_of(r->w, t)->pid) {
		t->need = NEED_DATA;
		if (last != 0)
			t->note = xstrdup("it took the last unit itself; another process "
					  "must add one");
		resolve_set(r, t, find_last_users(r, set, &others, num));
		return;
	}
	resource = resolve_resource(
		r, (struct key){ .sort = &taker, .a = set->id, .b = num }, &is_new);
	if (is_new)
		add_last_user(r, resource, set, num,
			(struct releaser){ .at = -1,
				.how = s->val == 0 ? "took it last"
						   : "changed it last" });
	resolve_set(r, t, resource);
	if (t->resource != NONE)
		return;
	t->note = xasprintf("process %d, the last to change it, has ended", (int)last);
	t->orphaned = !may_have_been_set(&set->object);
	if (!t->orphaned)
		t->need = NEED_DATA;
}

static void
resolve_semop(struct resolver *r, struct thread *t)
{
	const struct target *set = find_target(r, "sem", t->call.args[0]);
	size_t count = (uint32_t)t->call.args[2], which;
	struct sem_step *ops;

	if (!set->is_read) {
		t->what = xstrdup("could not be read");
		return;
	}
	if (count == 0 || count > OPS_MAX)
		return;
	ops = xcalloc(count, sizeof *ops);
	if (read_memory(t->tid, t->call.args[1], ops, count * sizeof *ops) &&
		find_operation(set, ops, count, &which)) {
		size_t num = ops[which].num;

		t->is_resolved = true;
		t->semaphore = num;
		t->what = xasprintf(
			"value %u, needs %d", set->list[num].val, -ops[which].op);
		limit_after(t, t->call.args[3]);
		if (ops[which].op == 0) {
			t->need = NEED_DATA;
			resolve_set(r, t, find_last_users(r, set, &for_zero, UINT64_MAX));
		} else {
			wait_for_units(r, t, set, num);
		}
	}
	free(ops);
}

/* --- Queues ------------------------------- */

/* Adds the threads that are in the opposite call on the queue. */
static void
add_opposite(struct resolver *r, size_t resource, uint32_t id, bool senders)
{
	enum call_does does = senders ? CALL_MSGSND : CALL_MSGRCV;

	for (size_t i = 0; i < r->w->threads_count; i++) {
		const struct thread *t = &r->w->threads[i];

		if (t->call.form != NULL && t->call.form->does == does &&
			(uint32_t)t->call.args[0] == id &&
			reference_has_our_objects(r->w, world_process_of(r->w, t)))
			world_add_releaser(r->w, resource,
				(struct releaser){ t->process, GRADE_EVIDENCE,
					senders ? "is sending to it"
						: "is receiving from it",
					-1 });
	}
}

static char *
describe_queue(const struct object *o, bool sends, const struct thread *t)
{
	unsigned long long bytes = o->fact[FACT_SIZE], most = o->fact[FACT_QBYTES];

	if (sends)
		return xasprintf("full, %llu of %llu bytes", bytes, most);
	if (o->fact[FACT_QNUM] == 0)
		return xstrdup("empty");
	if (!call_shows(&t->call, 3))
		return xstrdup("no message of its type");
	return xasprintf("no message of type %lld",
		t->call.is_narrow ? (long long)call_int(&t->call, 3)
				  : (long long)t->call.args[3]);
}

static void
resolve_queue(struct resolver *r, struct thread *t, bool sends)
{
	uint32_t id = t->call.args[0];
	const struct target *queue = find_target(r, "msg", id);
	size_t resource;
	bool is_new;
	pid_t last;

	if (!queue->is_read) {
		t->what = xstrdup("could not be read");
		return;
	}
	last = queue->object.fact[sends ? FACT_LRPID : FACT_LSPID];
	resource = resolve_resource(
		r, (struct key){ .sort = &queue_end, .a = id, .b = sends }, &is_new);
	if (is_new) {
		add_recorded(r, resource, &queue->object,
			(struct releaser){ .at = -1,
				.how = sends ? "received from it last"
					     : "sent to it last" },
			last, queue->object.fact[sends ? FACT_RTIME : FACT_STIME]);
		add_opposite(r, resource, id, !sends);
	}
	t->is_resolved = true;
	t->need = sends ? NEED_SPACE : NEED_DATA;
	t->what = describe_queue(&queue->object, sends, t);
	resolve_set(r, t, resource);
	if (last == 0 || r->w->resources[resource].count > 0)
		return;
	t->orphaned = sends;
	t->note = xasprintf("process %d, the last to %s, has ended", (int)last,
		sends ? "receive from it" : "send to it");
}

static void
resolve_sysv(struct resolver *r, struct thread *t)
{
	const char *type = t->call.form->does == CALL_SEMOP ? "sem" : "msg";

	t->ref = xasprintf("%s:%u", type, (unsigned)t->call.args[0]);
	t->is_elsewhere = !reference_has_our_objects(r->w, world_process_of(r->w, t));
	if (t->is_elsewhere) {
		t->what = xstrdup("in another IPC namespace");
		t->note = xasprintf("cannot be determined without --ipc-ns=%d",
			(int)world_process_of(r->w, t)->pid);
	} else if (t->call.form->does == CALL_SEMOP)
		resolve_semop(r, t);
	else
		resolve_queue(r, t, t->call.form->does == CALL_MSGSND);
}

static void
end_sets(struct resolver *r)
{
	for (size_t i = 0; r->sets != NULL && i < r->sets->count; i++)
		free(r->sets->list[i].list);
	if (r->sets != NULL)
		free(r->sets->list);
	free(r->sets);
}

const struct mechanism wait_sysv = {
	.has = has_sysv,
	.resolve = resolve_sysv,
	.end = end_sets,
};
