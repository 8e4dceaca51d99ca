/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/field-tables.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kind/set.h"
#include "process/proc.h"
#include "process/recorded.h"
#include "process/scan.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const struct column column_pid = { "pid", VALUE_NUMBER };
static const struct column column_what = { "what", VALUE_TEXT };
static const struct column column_alive = { "alive", VALUE_BOOL };
static const struct column column_command = { "command", VALUE_TEXT };
static const struct column column_num = { "num", VALUE_NUMBER };
static const struct column column_val = { "val", VALUE_NUMBER };
static const struct column column_ncnt = { "ncnt", VALUE_NUMBER };
static const struct column column_zcnt = { "zcnt", VALUE_NUMBER };

static void
set_number(struct value *v, uint64_t number)
{
	*v = (struct value){ .type = VALUE_NUMBER, .number = number };
}

/* Sets the name of a process if it lives and if /proc shows our PID namespace. */
static void
set_command(struct value *v, const struct object *o, pid_t pid)
{
	struct buf name = { 0 };

	*v = (struct value){ .type = VALUE_TEXT, .state = VALUE_NULL };
	if (!o->context->proc_is_ours) {
		v->state = VALUE_UNREAD;
	} else if (proc_command(pid, &name) == 0) {
		strlcpy(v->scratch, buf_text(&name), sizeof v->scratch);
		v->text = v->scratch;
		v->state = VALUE_SET;
	}
	buf_free(&name);
}

/* Sets whether a process lives, and its name if it does. */
static void
set_life(struct value *alive, struct value *command, const struct object *o,
	enum life life, pid_t pid)
{
	*alive = (struct value){ .type = VALUE_BOOL, .number = life == LIFE_ALIVE };
	if (life == LIFE_UNSEEN || life == LIFE_UNKNOWN)
		alive->state = VALUE_NULL;
	if (life == LIFE_ALIVE)
		set_command(command, o, pid);
	else
		*command = (struct value){ .type = VALUE_TEXT, .state = VALUE_NULL };
}

static void
recorded_row(const void *of, size_t i, struct value *values)
{
	const struct object *o = of;
	enum life life;
	size_t r = 0;
	pid_t pid;

	while (recorded_get(o->context, o, &recorded[r], &pid, &life) < 0 || i-- > 0)
		r++;
	set_number(&values[0], pid);
	values[1] = (struct value){ .type = VALUE_TEXT, .text = recorded[r].what };
	set_life(&values[2], &values[3], o, life, pid);
}

void
field_get_recorded(const struct field *f, const struct object *o, struct value *v)
{
	static const struct column *const columns[] = { &column_pid, &column_what,
		&column_alive, &column_command };
	static const struct value_table table = { columns, ARRAY_SIZE(columns),
		recorded_row };
	enum life life;
	pid_t pid;

	(void)f;
	v->table.table = &table;
	v->table.of = o;
	v->table.rows = 0;
	for (size_t r = 0; r < recorded_count; r++)
		v->table.rows += recorded_get(o->context, o, &recorded[r], &pid, &life) ==
			0;
}

static void
semaphore_row(const void *of, size_t i, struct value *values)
{
	const struct object *o = of;
	const struct semaphore *s = &o->semaphores[i];
	enum life life = LIFE_UNSEEN;

	set_number(&values[0], i);
	set_number(&values[1], s->val);
	set_number(&values[2], s->pid);
	set_number(&values[3], s->ncnt);
	set_number(&values[4], s->zcnt);
	/* A new semaphore has the pid 0.  Outside the initial PID namespace, 0 may also
	 * be a process that is not visible. */
	if (s->pid != 0 || !o->context->sees_all)
		life = recorded_life(o->context, s->pid, recorded_semaphores(o), o);
	set_life(&values[5], &values[6], o, life, s->pid);
	if (s->pid == 0 && o->context->sees_all)
		values[2].state = VALUE_NULL;
}

void
field_get_semaphores(const struct field *f, const struct object *o, struct value *v)
{
	static const struct column *const columns[] = { &column_num, &column_val,
		&column_pid, &column_ncnt, &column_zcnt, &column_alive, &column_command };
	static const struct value_table table = { columns, ARRAY_SIZE(columns),
		semaphore_row };

	(void)f;
	v->table.table = &table;
	v->table.of = o;
	v->table.rows = o->fact[FACT_NSEMS];
}

/* Describes what a process does. */
static void
put_what(const struct use *use, char *text, size_t size)
{
	switch (use->what) {
	case USE_ATTACHED:
		snprintf(text, size, "attached rw at 0x%" PRIx64, (uint64_t)use->detail);
		break;
	case USE_ATTACHED_RO:
		snprintf(text, size, "attached ro at 0x%" PRIx64, (uint64_t)use->detail);
		break;
	case USE_RECEIVES:
		if (use->detail == 0)
			snprintf(text, size, "waits to receive any type");
		else
			snprintf(text, size, "waits to receive type %lld",
				(long long)use->detail);
		break;
	case USE_RECEIVES_EXCEPT:
		snprintf(text, size, "waits to receive any type but %lld",
			(long long)use->detail);
		break;
	case USE_RECEIVES_ANY:
		snprintf(text, size, "waits to receive");
		break;
	case USE_SENDS:
		snprintf(text, size, "waits to send");
		break;
	case USE_WAITS:
		snprintf(text, size, "waits on semaphore %lld", (long long)use->detail);
		break;
	case USE_WAITS_ANY:
		snprintf(text, size, "waits on semaphores");
		break;
	case USE_OPEN_R:
		snprintf(text, size, "open r");
		break;
	case USE_OPEN_W:
		snprintf(text, size, "open w");
		break;
	case USE_OPEN_RW:
		snprintf(text, size, "open rw");
		break;
	case USE_MAPPED_R:
		snprintf(text, size, "mapped r");
		break;
	case USE_MAPPED_RW:
		snprintf(text, size, "mapped rw");
		break;
	case USE_WAITS_IN:
		snprintf(text, size, "waits");
		break;
	}
}

static void
process_row(const void *of, size_t i, struct value *values)
{
	const struct object *o = of;
	const struct use *use = &o->uses[i];
	struct proc_ids ids = { 0 };

	set_number(&values[0], use->pid);
	values[1] = (struct value){ .type = VALUE_USER, .state = VALUE_NULL };
	if (proc_read_ids(use->pid, &ids) == 0) {
		values[1].number = ids.uids[1];
		values[1].state = VALUE_SET;
	}
	buf_free(&ids.gids);
	set_command(&values[2], o, use->pid);
	values[3] = (struct value){ .type = VALUE_TEXT };
	put_what(use, values[3].scratch, sizeof values[3].scratch);
	values[3].text = values[3].scratch;
	set_number(&values[4], use->count);
}

void
field_get_processes(const struct field *f, const struct object *o, struct value *v)
{
	static const struct column user = { "user", VALUE_USER };
	static const struct column count = { "count", VALUE_NUMBER };
	static const struct column *const columns[] = { &column_pid, &user,
		&column_command, &column_what, &count };
	static const struct value_table table = { columns, ARRAY_SIZE(columns),
		process_row };

	(void)f;
	v->table.table = &table;
	v->table.of = o;
	v->table.rows = o->uses_count;
}
