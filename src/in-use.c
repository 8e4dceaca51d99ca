/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "in-use.h"

#include <errno.h>

#include "kind.h"
#include "proc.h"
#include "stale.h"

/* Appends "4711 (postgres)" for a process that lives. */
static void
put_process(struct buf *b, pid_t pid)
{
	struct buf name = { 0 };

	buf_printf(b, "%d", (int)pid);
	if (proc_command(pid, &name) == 0)
		buf_printf(b, " (%s)", buf_text(&name));
	buf_free(&name);
}

/* Appends ": 4711 (postgres), 4712 (postgres) and 7 more" for the processes of uses. */
static void
put_processes(struct buf *b, const struct use *uses, size_t count)
{
	enum { NAMED_MAX = 3 };
	size_t named = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && uses[i].pid == uses[i - 1].pid)
			continue;
		if (named++ < NAMED_MAX) {
			buf_str(b, named == 1 ? ": " : ", ");
			put_process(b, uses[i].pid);
		}
	}
	if (named > NAMED_MAX)
		buf_printf(b, " and %zu more", named - NAMED_MAX);
}

static int
use_of_segment(const struct object *o, const struct look *look, struct buf *reason)
{
	const struct use *uses;
	size_t count;

	if (o->fact[FACT_NATTCH] == 0)
		return 0;
	uses = scan_uses(look->walk, o, &count);
	buf_printf(reason, "%llu attached", (unsigned long long)o->fact[FACT_NATTCH]);
	put_processes(reason, uses, count);
	return 1;
}

/* One of the semaphores; -1 with errno. */
static int
use_of_semaphore(const struct object *o, const struct look *look, unsigned num,
	bool initial, struct buf *reason)
{
	const struct use *uses;
	size_t count;
	unsigned waiters, value = 0;
	enum life life;
	pid_t pid;

	if (o->kind->get_pid(o, num, &pid) < 0 ||
		o->kind->get_waiters(o, num, &waiters) < 0)
		return -1;
	if (waiters > 0) {
		buf_printf(reason, "%u process%s on semaphore %u", waiters,
			waiters == 1 ? " waits" : "es wait", num);
		uses = scan_uses(look->walk, o, &count);
		put_processes(reason, uses, count);
		return 1;
	}
	if (pid == 0 && initial)
		return 0;
	/* Elsewhere it is a new one only if nobody outside can have given it a value. */
	if (pid == 0 && o->fact[FACT_OTIME] == 0) {
		if (o->kind->get_value(o, num, &value) < 0)
			return -1;
		if (value == 0)
			return 0;
	}
	life = proc_life(pid, object_latest(o, FACT(OTIME) | FACT(CTIME)), o);
	if (life == LIFE_ALIVE) {
		buf_printf(reason, "the last process of semaphore %u lives: ", num);
		put_process(reason, pid);
	} else if (life == LIFE_UNKNOWN) {
		buf_printf(reason,
			"the last process of semaphore %u may be outside this pid namespace",
			num);
	}
	return life != LIFE_GONE;
}

static int
use_of_semaphores(const struct object *o, const struct look *look, struct buf *reason)
{
	bool initial = proc_initial_namespace();
	int used = 0;

	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && used == 0; i++)
		used = use_of_semaphore(o, look, i, initial, reason);
	if (used >= 0 || kind_is_gone(errno))
		return used;
	buf_str(reason, "its semaphores may not be read, so nobody knows who uses it");
	return 1;
}

/* Whether one of the last sender and receiver of a queue lives. */
static int
use_of_queue(const struct object *o, const struct look *look, struct buf *reason)
{
	const struct use *uses;
	enum life life;
	size_t count;
	pid_t pid;

	for (size_t i = 0; i < recorded_count; i++) {
		if (proc_recorded(o, &recorded[i], &pid, &life) < 0 || life == LIFE_GONE)
			continue;
		buf_printf(reason, "its %s ", recorded[i].what);
		if (life == LIFE_ALIVE) {
			buf_str(reason, "lives: ");
			put_process(reason, pid);
		} else {
			buf_str(reason, "is outside this pid namespace");
		}
		return 1;
	}
	uses = scan_uses(look->walk, o, &count);
	if (count > 0) {
		buf_str(reason, "processes wait on it");
		put_processes(reason, uses, count);
		return 1;
	}
	if (o->fact[FACT_QNUM] == 0 ||
		stale_judge(o, look->walk, look->now, look->grace) == STALE_YES)
		return 0;
	buf_printf(reason, "it holds %llu message%s",
		(unsigned long long)o->fact[FACT_QNUM],
		o->fact[FACT_QNUM] == 1 ? "" : "s");
	return 1;
}

int
use_of(const struct object *o, const struct look *look, struct buf *reason)
{
	if (o->kind->facts & FACT(SEMAPHORES))
		return use_of_semaphores(o, look, reason);
	if (o->kind->facts & FACT(QNUM))
		return use_of_queue(o, look, reason);
	return use_of_segment(o, look, reason);
}
