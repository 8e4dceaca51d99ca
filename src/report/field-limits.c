/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/field-limits.h"

#include "lib/array.h"
#include "report/limit-text.h"

static void
get_limit_ns(struct limit_row *row, struct value *v)
{
	v->number = row->usage->ns->inode;
}

/* INODE.ID, as namespaces are named on the command line. */
static void
get_limit_ns_name(struct limit_row *row, struct value *v)
{
	*ipcns_put(row->usage->ns, v->scratch) = '\0';
	v->text = v->scratch + 1;
}

static void
get_limit_nsid(struct limit_row *row, struct value *v)
{
	v->number = row->usage->ns->id;
	if (!row->usage->ns->has_id)
		v->state = VALUE_NULL;
}

static void
get_limit_type(struct limit_row *row, struct value *v)
{
	v->text = row->usage->kind->name;
}

static void
get_resource(struct limit_row *row, struct value *v)
{
	v->text = row->usage->limit.name;
	v->alert = limit_is_full(&row->usage->limit);
}

static void
get_what(struct limit_row *row, struct value *v)
{
	const struct limit *l = &row->usage->limit;

	v->text = l->what;
	if (l->thing == NULL)
		return;
	row->what.len = 0;
	buf_printf(&row->what, "%s %llu %s%s", l->what,
		(unsigned long long)l->things_count, l->thing,
		l->things_count == 1 ? "" : "s");
	v->text = buf_text(&row->what);
}

/* Appends a number of units; to people the bytes that these are as well. */
static void
put_units(const struct limit_row *row, uint64_t units, struct buf *text)
{
	struct value size = { .type = VALUE_SIZE };

	if (row->usage->limit.bytes) {
		size.number = units;
		value_text(&size, row->style, text);
		return;
	}
	buf_number(text, units);
	if (row->usage->limit.unit == 1 || !row->style->people ||
		__builtin_mul_overflow(units, row->usage->limit.unit, &size.number))
		return;
	buf_str(text, " (");
	value_text(&size, row->style, text);
	buf_char(text, ')');
}

/* Makes a number of units that people read a text with their bytes. */
static void
add_bytes(const struct limit_row *row, struct value *v, struct buf *text)
{
	if (row->usage->limit.unit == 1 || !row->style->people)
		return;
	text->len = 0;
	put_units(row, v->number, text);
	v->type = VALUE_TEXT;
	v->text = buf_text(text);
}

static void
get_used(struct limit_row *row, struct value *v)
{
	const struct limit *l = &row->usage->limit;

	v->number = l->used;
	if (l->bytes)
		v->type = VALUE_SIZE;
	if (l->unread != 0)
		v->state = VALUE_UNREAD;
	else if (!l->counted)
		v->state = VALUE_NULL;
	else
		add_bytes(row, v, &row->used);
}

/* For people, no limit is a word; for programs, it is null.  A part has nothing. */
static void
get_limit(struct limit_row *row, struct value *v)
{
	const struct limit *l = &row->usage->limit;

	v->number = l->limit;
	if (l->bytes)
		v->type = VALUE_SIZE;
	if (!limit_is_none(l)) {
		add_bytes(row, v, &row->limit);
		return;
	}
	if (l->is_part) {
		v->state = VALUE_NULL;
		return;
	}
	v->type = VALUE_TEXT;
	v->text = "unlimited";
	if (!row->style->people)
		v->state = VALUE_NULL;
}

static void
get_percent(struct limit_row *row, struct value *v)
{
	const struct limit *l = &row->usage->limit;

	v->number = limit_percent(l);
	v->alert = limit_is_full(l);
	if (!l->counted || limit_is_none(l))
		v->state = VALUE_NULL;
}

static void
get_sysctl(struct limit_row *row, struct value *v)
{
	const struct limit *l = &row->usage->limit;

	v->text = l->sysctl;
	if (v->text == NULL) {
		v->state = VALUE_NULL;
	} else if (row->style->people) {
		row->sysctl.len = 0;
		limit_text_sysctl(l, &row->sysctl);
		v->text = buf_text(&row->sysctl);
	}
}

static void
get_position(struct limit_row *row, struct value *v)
{
	v->number = row->usage->limit.position;
	if (v->number == 0)
		v->state = VALUE_NULL;
}

/* Only limits that objects use up have users. */
static void
set_state(const struct usage *u, struct value *v)
{
	if (!limit_has_share(&u->limit))
		v->state = VALUE_NULL;
	else if (!u->owners_known)
		v->state = VALUE_UNREAD;
}

/* "hpcuser 3950, postgres 12" for people, "hpcuser:3950,postgres:12" for programs. */
static void
get_top_words(struct limit_row *row, struct value *v)
{
	const struct usage *u = row->usage;
	bool people = row->style->people;

	row->top.len = 0;
	for (size_t i = 0; i < u->owners_count; i++) {
		struct value owner = { .type = VALUE_USER, .number = u->owners[i].uid };

		if (i > 0)
			buf_str(&row->top, people ? ", " : ",");
		value_text(&owner, row->style, &row->top);
		buf_char(&row->top, people ? ' ' : ':');
		if (people && u->limit.at_least)
			buf_str(&row->top, "at least ");
		put_units(row, u->owners[i].used, &row->top);
	}
	v->text = buf_text(&row->top);
	set_state(u, v);
}

static const struct column column_owner = { "owner", VALUE_USER };
static const struct column column_uid = { "uid", VALUE_NUMBER };
static const struct column column_used = { "used", VALUE_NUMBER };

static void
top_row(const void *of, size_t i, struct value *values)
{
	const struct usage *u = of;
	uid_t uid = u->owners[i].uid;

	values[0] = (struct value){ .type = VALUE_USER, .number = uid };
	values[1] = (struct value){ .type = VALUE_NUMBER, .number = uid };
	values[2] = (struct value){ .type = VALUE_NUMBER, .number = u->owners[i].used };
}

static void
get_top_table(struct limit_row *row, struct value *v)
{
	static const struct column *const columns[] = { &column_owner, &column_uid,
		&column_used };
	static const struct value_table table = { columns, ARRAY_SIZE(columns), top_row };

	v->table.table = &table;
	v->table.of = row->usage;
	v->table.rows = row->usage->owners_count;
	set_state(row->usage, v);
}

static void
set_memory(const struct limit *l, uint64_t bytes, struct value *v)
{
	v->number = bytes;
	if (!l->is_memory)
		v->state = VALUE_NULL;
	else if (!l->rss_known)
		v->state = VALUE_UNREAD;
}

static void
get_rss_total(struct limit_row *row, struct value *v)
{
	set_memory(&row->usage->limit, row->usage->limit.rss, v);
}

static void
get_swap_total(struct limit_row *row, struct value *v)
{
	set_memory(&row->usage->limit, row->usage->limit.swap, v);
}

/* "rss 12M, swap 0": what of the memory is resident and swapped out. */
static void
get_memory(struct limit_row *row, struct value *v)
{
	const struct limit *l = &row->usage->limit;
	struct value rss = { .type = VALUE_SIZE, .number = l->rss };
	struct value swap = { .type = VALUE_SIZE, .number = l->swap };

	set_memory(l, 0, v);
	if (!l->is_memory)
		return;
	v->state = VALUE_SET;
	row->memory.len = 0;
	if (l->rss_known) {
		buf_str(&row->memory, "rss ");
		value_text(&rss, row->style, &row->memory);
		buf_str(&row->memory, ", swap ");
		value_text(&swap, row->style, &row->memory);
	} else {
		buf_str(&row->memory, "rss ?, swap ?");
	}
	v->text = buf_text(&row->memory);
}

/* How to raise a limit that is full. */
static void
get_raise(struct limit_row *row, struct value *v)
{
	const struct usage *u = row->usage;

	row->raise.len = 0;
	if (limit_is_full(&u->limit))
		limit_text_raise(u->kind, &u->limit, u->ns, 1, &row->raise);
	else
		v->state = VALUE_NULL;
	v->text = buf_text(&row->raise);
}

/* Every kind has them all, as every kind has ids. */
#define FIELD(name_, type_, get_, help_, ...) \
	{ \
		.field = { .column = { name_, type_ }, \
			.of = FACTS_NUMBER, \
			.help = help_, \
			##__VA_ARGS__ }, \
		.get = get_ \
	}

const struct limit_field limit_fields[] = {
	FIELD("type", VALUE_TEXT, get_limit_type, "the type of the objects"),
	FIELD("resource", VALUE_TEXT, get_resource, "the kernel's name of the limit"),
	FIELD("what", VALUE_TEXT, get_what, "what is limited"),
	FIELD("used", VALUE_NUMBER, get_used, "how much of it is used"),
	FIELD("limit", VALUE_NUMBER, get_limit, "how much there may be"),
	FIELD("percent", VALUE_PERCENT, get_percent, "what is used in % of the limit"),
	FIELD("sysctl", VALUE_TEXT, get_sysctl, "the setting that changes it"),
	FIELD("top", VALUE_TEXT, get_top_words, "the owners who use most of it",
		.flags = FIELD_FLAT | FIELD_NOTE),
	FIELD("top", VALUE_TABLE, get_top_table, "the owners who use most of it",
		.flags = FIELD_NESTED),
	FIELD("position", VALUE_NUMBER, get_position,
		"which number of the sysctl it is, if that has several"),
	FIELD("rss", VALUE_SIZE, get_rss_total, "bytes of all segments in memory",
		.with = FACT(RSS)),
	FIELD("swap", VALUE_SIZE, get_swap_total, "bytes of all segments in swap",
		.with = FACT(SWAP)),
	FIELD("memory", VALUE_TEXT, get_memory, "rss and swap in words",
		.with = FACT(RSS) | FACT(SWAP), .flags = FIELD_PEOPLE | FIELD_NOTE),
	FIELD("raise", VALUE_TEXT, get_raise, "how to raise a limit that is full",
		.flags = FIELD_PEOPLE | FIELD_NOTE),
	FIELD("ns", VALUE_TEXT, get_limit_ns_name,
		"IPC namespace: inode number and kernel id",
		.flags = FIELD_NAMESPACE | FIELD_PEOPLE),
	FIELD("ns", VALUE_NUMBER, get_limit_ns, "IPC namespace: inode number",
		.flags = FIELD_NAMESPACE | FIELD_PROGRAMS),
	FIELD("nsid", VALUE_NUMBER, get_limit_nsid,
		"IPC namespace: kernel id, which is never reused",
		.flags = FIELD_NAMESPACE),
};
const size_t limit_fields_count = ARRAY_SIZE(limit_fields);

void
limit_row_free(struct limit_row *row)
{
	buf_free(&row->what);
	buf_free(&row->used);
	buf_free(&row->limit);
	buf_free(&row->sysctl);
	buf_free(&row->top);
	buf_free(&row->raise);
	buf_free(&row->memory);
}

void
field_get_limit(const struct field *f, struct limit_row *row, struct value *v)
{
	const struct limit_field *field = (const struct limit_field *)((const char *)f -
		offsetof(struct limit_field, field));

	v->type = f->column.type;
	v->state = VALUE_SET;
	v->alert = false;
	field->get(row, v);
}
