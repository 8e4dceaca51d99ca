/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of a thread that waits. */

#include "cmd/waits-fields.h"

#include <stdio.h>

#include "cmd/waits-words.h"
#include "lib/array.h"

/* A field; the get of its struct field is not used. */
struct wait_field {
	struct field field;
	void (*get)(struct wait_row *row, struct value *v);
};

static void
set_word(struct value *v, const char *text)
{
	v->text = text;
	if (text == NULL)
		v->state = VALUE_NULL;
}

static void
set_count(struct value *v, int64_t number)
{
	v->number = number;
	if (number < 0)
		v->state = VALUE_NULL;
}

static void
get_wait_pid(struct wait_row *row, struct value *v)
{
	v->number = world_process_of(row->w, row->t)->pid;
}

static void
get_tid(struct wait_row *row, struct value *v)
{
	v->number = row->t->tid;
}

static void
get_wait_user(struct wait_row *row, struct value *v)
{
	v->number = world_process_of(row->w, row->t)->uid;
}

static void
get_wait_command(struct wait_row *row, struct value *v)
{
	v->text = world_process_of(row->w, row->t)->name;
}

static void
get_wait_state(struct wait_row *row, struct value *v)
{
	v->scratch[0] = row->t->state;
	v->scratch[1] = '\0';
	v->text = v->scratch;
}

static void
get_call(struct wait_row *row, struct value *v)
{
	set_word(v, row->t->name);
}

static void
get_wait_ref(struct wait_row *row, struct value *v)
{
	set_word(v, row->t->ref);
}

static void
get_semaphore(struct wait_row *row, struct value *v)
{
	set_count(v, row->t->semaphore);
}

/* Only a lock in shared memory has an offset, and none is resolved. */
static void
get_offset(struct wait_row *row, struct value *v)
{
	(void)row;
	v->state = VALUE_NULL;
}

static void
get_wait_what(struct wait_row *row, struct value *v)
{
	set_word(v, row->t->what);
}

static void
get_need(struct wait_row *row, struct value *v)
{
	set_word(v, row->t->is_resolved ? words_need(row->t->need) : NULL);
}

static void
get_waited(struct wait_row *row, struct value *v)
{
	set_count(v, row->t->waited);
}

static void
get_timeout(struct wait_row *row, struct value *v)
{
	set_count(v, row->t->timeout);
}

static void
get_closed(struct wait_row *row, struct value *v)
{
	v->number = row->t->closed;
}

static void
get_idle(struct wait_row *row, struct value *v)
{
	v->number = look_is_idle(&row->v->look, row->t - row->w->threads);
}

static void
get_note(struct wait_row *row, struct value *v)
{
	set_word(v, row->t->note);
}

static void
get_finding(struct wait_row *row, struct value *v)
{
	set_count(v, row->finding == NONE ? -1 : (int64_t)row->finding);
}

static const struct finding *
finding_of(const struct wait_row *row)
{
	size_t seen = 0;

	for (size_t i = 0; row->finding != NONE && i < row->v->look.findings.count; i++)
		if (row->v->shows_finding[i] && seen++ == row->finding)
			return &row->v->look.findings.list[i];
	return NULL;
}

static void
get_wait_verdict(struct wait_row *row, struct value *v)
{
	const struct finding *f = finding_of(row);

	set_word(v, f == NULL ? NULL : verdict_name(f->verdict));
}

static void
get_certainty(struct wait_row *row, struct value *v)
{
	const struct finding *f = finding_of(row);

	set_word(v,
		f == NULL || f->verdict == VERDICT_MUTUAL ? NULL
			: f->certain                      ? "certain"
							  : "likely");
}

static size_t
count_releasers(const struct wait_row *row)
{
	return world_has_releaser(row->w, row->t)
		? row->w->resources[row->t->resource].count
		: 0;
}

static void
get_releasers_flat(struct wait_row *row, struct value *v)
{
	size_t count = count_releasers(row);

	row->pids.len = 0;
	for (size_t i = 0; i < count; i++) {
		const struct releaser *r = &row->w->resources[row->t->resource].list[i];

		buf_printf(&row->pids, "%s%d", i == 0 ? "" : ";",
			(int)row->w->processes[r->process].pid);
	}
	set_word(v, count == 0 ? NULL : buf_text(&row->pids));
}

/* A row of the table of releasers. */
static void
get_releaser(const void *of, size_t i, struct value *values)
{
	const struct wait_row *row = of;
	const struct releaser *r = &row->w->resources[row->t->resource].list[i];

	values[0] = (struct value){ .type = VALUE_NUMBER,
		.number = row->w->processes[r->process].pid };
	/* The whole process, never one thread. */
	values[1] = (struct value){ .type = VALUE_NUMBER, .state = VALUE_NULL };
	values[2] = (struct value){ .type = VALUE_TEXT };
	snprintf(values[2].scratch, sizeof values[2].scratch,
		r->at < 0 ? "%s" : "%s [%ld]", r->how, r->at);
	values[2].text = values[2].scratch;
	values[3] = (struct value){ .type = VALUE_TEXT, .text = words_grade(r->grade) };
}

static void
get_releasers_table(struct wait_row *row, struct value *v)
{
	static const struct column pid = { "pid", VALUE_NUMBER };
	static const struct column tid = { "tid", VALUE_NUMBER };
	static const struct column how = { "how", VALUE_TEXT };
	static const struct column grade = { "grade", VALUE_TEXT };
	static const struct column *const columns[] = { &pid, &tid, &how, &grade };
	static const struct value_table table = { columns, ARRAY_SIZE(columns),
		get_releaser };

	v->table.table = &table;
	v->table.of = row;
	v->table.rows = count_releasers(row);
}

#define FIELD(name_, type_, get_, help_, ...) \
	{ \
		.field = { .column = { name_, type_ }, \
			.of = FACTS_NUMBER, \
			.help = help_, \
			##__VA_ARGS__ }, \
		.get = get_ \
	}

static const struct wait_field wait_fields[] = {
	FIELD("pid", VALUE_NUMBER, get_wait_pid, "the process"),
	FIELD("tid", VALUE_NUMBER, get_tid, "the thread"),
	FIELD("command", VALUE_TEXT, get_wait_command, "the name of the program"),
	FIELD("user", VALUE_USER, get_wait_user, "the user that it runs under"),
	FIELD("state", VALUE_TEXT, get_wait_state, "the kernel's letter for its state"),
	FIELD("call", VALUE_TEXT, get_call, "the system call in which it waits"),
	FIELD("ref", VALUE_TEXT, get_wait_ref, "the object that it waits on"),
	FIELD("semaphore", VALUE_NUMBER, get_semaphore, "the number of the semaphore"),
	FIELD("offset", VALUE_NUMBER, get_offset,
		"the offset of the lock in the object, in bytes; null in this version"),
	FIELD("what", VALUE_TEXT, get_wait_what, "what the object lacks, in words"),
	FIELD("need", VALUE_TEXT, get_need,
		"what it needs: lock, space, data, exit, partner or event"),
	FIELD("waited", VALUE_SECONDS, get_waited, "for how long it has waited at least"),
	FIELD("timeout", VALUE_SECONDS, get_timeout,
		"the time limit of the wait, null if there is none or it is unknown"),
	FIELD("closed", VALUE_BOOL, get_closed, "whether only the releasers can end it"),
	FIELD("idle", VALUE_BOOL, get_idle, "whether only --all shows it"),
	FIELD("note", VALUE_TEXT, get_note, "what else is known, in words"),
	FIELD("finding", VALUE_NUMBER, get_finding, "the index of its finding"),
	FIELD("verdict", VALUE_TEXT, get_wait_verdict,
		"the finding: deadlock, stuck, stopped or mutual"),
	FIELD("certainty", VALUE_TEXT, get_certainty, "certain or likely"),
	FIELD("releasers", VALUE_TEXT, get_releasers_flat,
		"the processes that could release it", .flags = FIELD_FLAT),
	FIELD("releasers", VALUE_TABLE, get_releasers_table,
		"the processes that could release it", .flags = FIELD_NESTED),
};

static const struct field *
wait_field(size_t i)
{
	return i < ARRAY_SIZE(wait_fields) ? &wait_fields[i].field : NULL;
}

const struct field_set fields_of_waits = {
	.at = wait_field,
	.names = "pid,command,call,ref,what,waited,verdict,releasers",
};

const char *
waits_default_fields(const struct writer *writer)
{
	if (writer == &writer_json)
		return "pid,tid,command,user,state,call,ref,semaphore,offset,what,need,"
		       "waited,timeout,closed,idle,note,releasers";
	if (writer == &writer_jsonl)
		return NULL;
	return "pid,tid,user,command,state,call,ref,semaphore,need,waited,timeout,"
	       "verdict,certainty,releasers";
}

void
waits_get_field(const struct field *f, struct wait_row *row, struct value *v)
{
	const struct wait_field *field = (const struct wait_field *)((const char *)f -
		offsetof(struct wait_field, field));

	v->type = f->column.type;
	v->state = VALUE_SET;
	v->alert = false;
	field->get(row, v);
}
