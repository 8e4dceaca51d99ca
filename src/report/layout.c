/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/layout.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/array.h"
#include "lib/xalloc.h"
#include "output/terminal.h"

static const struct field *
object_field(size_t i)
{
	return i < fields_count ? &fields[i] : NULL;
}

const struct field_set fields_of_objects = {
	.at = object_field,
	.names = "ref,key,owner,mode,size,use,active,state",
};

const struct field *
field_at(const struct field_choice *c, size_t i)
{
	if (c->key == NULL)
		return c->set->at(i);
	return i == 0 ? c->key : c->set->at(i - 1);
}

static bool
has_name(const struct field *f, const char *name, size_t len)
{
	return strlen(f->column.name) == len &&
		strncasecmp(f->column.name, name, len) == 0;
}

const struct field *
field_find(const struct field_choice *c, const char *name, size_t len, unsigned without)
{
	const struct field *f;

	for (size_t i = 0; (f = field_at(c, i)) != NULL; i++)
		if ((f == c->key || !(f->flags & without)) && has_name(f, name, len))
			return f;
	return NULL;
}

void
field_append(struct field_choice *c, const struct field *field)
{
	c->list = xgrow(c->list, c->count, sizeof *c->list);
	c->list[c->count++] = field;
}

void
field_choose(struct field_choice *c, const struct field *field)
{
	/* A JSON object cannot have a member twice. */
	for (size_t i = 0; i < c->count; i++)
		if (c->list[i] == field)
			return;
	field_append(c, field);
}

void
field_choose_all(struct field_choice *c, facts_t facts, unsigned without)
{
	const struct field *f;

	for (size_t i = 0; (f = c->set->at(i)) != NULL; i++)
		if (!(f->flags & (c->without | without)) && (f->of & facts) != 0)
			field_choose(c, f);
}

struct layout
layout_table(const struct field_set *set, FILE *to)
{
	struct layout l = {
		.fields = { .set = set, .without = FIELD_PROGRAMS },
		.writer = &writer_table,
		.style = { .color = terminal_has_color() },
		.headings = true,
		.to = to,
	};
	size_t len;

	for (const char *name = set->names; *name != '\0'; name += len) {
		name += *name == ',';
		len = strcspn(name, ",");
		field_choose(&l.fields, field_find(&l.fields, name, len, 0));
	}
	l.defaults = l.fields.count;
	layout_complete(&l);
	return l;
}

/* The order in which the default columns are dropped if a table is too wide, in the form
 * of gives_way of struct out; the other columns stay.  The caller owns the array. */
static unsigned char *
find_what_gives_way(const struct layout *l)
{
	/* Columns that are not in this list are too important to drop. */
	static const char *const first_to_go[] = { "what", "sysctl", "unattached",
		"attachments", "messages", "lpid", "cpid", "otime", "qbytes", "mode",
		"key", "active", "qnum", "size", "nattch", "nsems", "use", "owner", "pid",
		"command" };
	static const size_t places = ARRAY_SIZE(first_to_go);
	unsigned char *gives_way = xcalloc(l->fields.count, sizeof *gives_way);

	for (size_t i = 0; i < l->defaults; i++)
		for (size_t k = 0; k < places; k++)
			if (l->fields.list[i] != l->fields.key &&
				strcmp(l->fields.list[i]->column.name, first_to_go[k]) ==
					0)
				gives_way[i] = places - k;
	return gives_way;
}

void
layout_complete(struct layout *l)
{
	l->style.people = l->writer->people;
	l->gives_way = find_what_gives_way(l);
	l->columns = xcalloc(l->fields.count, sizeof *l->columns);
	for (size_t i = 0; i < l->fields.count; i++)
		l->columns[i] = &l->fields.list[i]->column;
}

facts_t
layout_needs(const struct layout *l)
{
	facts_t needs = 0;

	for (size_t i = 0; i < l->fields.count; i++)
		needs |= field_needs(l->fields.list[i]);
	for (size_t i = 0; i < l->keys.count; i++)
		needs |= field_needs(l->keys.list[i]);
	if (l->fields.key != NULL)
		needs |= field_needs(l->fields.key);
	return needs;
}

facts_t
layout_made_from(const struct layout *l)
{
	facts_t facts = 0;

	for (size_t i = 0; i < l->fields.count; i++)
		facts |= field_made_from(l->fields.list[i]);
	if (l->fields.key != NULL)
		facts |= field_made_from(l->fields.key);
	return facts;
}

bool
layout_has(const struct layout *l, enum field_flags flag)
{
	for (size_t i = 0; i < l->fields.count; i++)
		if (l->fields.list[i]->flags & flag)
			return true;
	for (size_t i = 0; i < l->keys.count; i++)
		if (l->keys.list[i]->flags & flag)
			return true;
	return l->fields.key != NULL && (l->fields.key->flags & flag) != 0;
}

void
layout_begin_columns(const struct layout *l, const char *title, struct out *out)
{
	*out = (struct out){
		.writer = l->writer,
		.to = l->to,
		.title = title,
		.style = l->style,
		.headings = l->headings,
	};
	out->style.now = time(NULL);
	if (!l->writer->people)
		return;
	/* Reads the time zone now: later there may be no free descriptor for its file,
	 * and then localtime_r(3) would use UTC. */
	tzset();
	out->width = terminal_width();
}

void
layout_begin(const struct layout *l, const char *title, struct out *out)
{
	layout_begin_columns(l, title, out);
	out->columns = l->columns;
	out->columns_count = l->fields.count;
	out->gives_way = l->gives_way;
	out->optional = l->defaults;
	for (size_t i = 0; i < l->defaults; i++)
		if (l->fields.list[i]->flags & FIELD_NOTE)
			out->notes |= 1u << i;
	out_begin(out);
}

void
layout_free(struct layout *l)
{
	free(l->fields.list);
	free(l->keys.list);
	free(l->descending);
	free(l->columns);
	free(l->gives_way);
}
