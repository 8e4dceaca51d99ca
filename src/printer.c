/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "printer.h"

#include <stdlib.h>

#include "xalloc.h"

void
printer_start(struct printer *p, const struct opt_output *opt)
{
	*p = (struct printer){ .opt = opt };
	p->values = xcalloc(opt->fields.count, sizeof *p->values);
	p->had = xcalloc(opt->fields.count, sizeof *p->had);
	for (size_t i = 0; i < opt->fields.count; i++)
		p->firm |= field_made_from(opt->fields.list[i]);
	p->keys = xcalloc(opt->keys.count + 1, sizeof *p->keys);
	if (opt->keys.count > 0)
		p->sort = sort_new(opt->descending, opt->keys.count);
	opt_output_begin(opt, "objects", &p->out);
}

facts_t
printer_needs(const struct printer *p)
{
	return opt_output_needs(p->opt);
}

/* Lays out the values for the fields that a kind has; the others stay absent. */
static void
lay_out(struct printer *p, const struct kind *kind)
{
	const struct field_choice *chosen = &p->opt->fields;

	p->kind = kind;
	p->had_count = 0;
	for (size_t i = 0; i < chosen->count; i++) {
		p->values[i].state = VALUE_ABSENT;
		if (field_of_kind(chosen->list[i], kind))
			p->had[p->had_count++] = i;
	}
}

static void
print(struct printer *p, const struct object *o)
{
	const struct field *const *list = p->opt->fields.list;

	if (p->kind != o->kind)
		lay_out(p, o->kind);
	for (size_t i = 0; i < p->had_count; i++)
		field_get(list[p->had[i]], o, &p->values[p->had[i]]);
	out_set_now(&p->out, o->read);
	out_row(&p->out, p->values);
}

static void
keep(struct printer *p, const struct object *o)
{
	const struct field_choice *keys = &p->opt->keys;

	if (p->count == p->room) {
		p->room = p->room == 0 ? 64 : p->room + p->room / 2;
		p->kept = xreallocarray(p->kept, p->room, sizeof *p->kept);
	}
	p->kept[p->count] = *o;
	for (size_t i = 0; i < keys->count; i++)
		field_get(keys->list[i], o, &p->keys[i]);
	sort_add(p->sort, p->keys, &p->out.style);
}

/* Counts the values that could not be read, of which there are seldom any. */
static void
count_unread(struct printer *p, const struct object *o)
{
	const struct field_choice *chosen = &p->opt->fields;

	if (object_has(o, p->firm & o->kind->facts))
		return;
	for (size_t i = 0; i < chosen->count; i++)
		p->unread.values += field_is_unread(chosen->list[i], o);
}

void
printer_print(struct printer *p, const struct object *o)
{
	count_unread(p, o);
	if (p->sort != NULL)
		keep(p, o);
	else
		print(p, o);
	p->count++;
}

void
printer_end(struct printer *p)
{
	const size_t *order = p->sort == NULL ? NULL : sort_order(p->sort);

	for (size_t i = 0; order != NULL && i < p->count; i++)
		print(p, &p->kept[order[i]]);
	out_end(&p->out);
	unread_say(&p->unread);
	sort_free(p->sort);
	free(p->kept);
	free(p->values);
	free(p->keys);
	free(p->had);
}
