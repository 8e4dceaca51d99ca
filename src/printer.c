/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "printer.h"

#include <stdlib.h>

#include "xalloc.h"

void
printer_start(struct printer *p, const struct opt_output *opt)
{
	*p = (struct printer){ .opt = opt };
	p->values = xcalloc(opt->fields.count, sizeof *p->values);
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

static void
get(const struct field_choice *chosen, const struct object *o, struct value *values)
{
	for (size_t i = 0; i < chosen->count; i++)
		field_get(chosen->list[i], o, &values[i]);
}

static void
keep(struct printer *p, const struct object *o)
{
	if (p->count == p->room) {
		p->room = p->room == 0 ? 64 : p->room + p->room / 2;
		p->kept = xreallocarray(p->kept, p->room, sizeof *p->kept);
	}
	p->kept[p->count] = *o;
	get(&p->opt->keys, o, p->keys);
	sort_add(p->sort, p->keys, &p->out.style);
}

static void
print(struct printer *p, const struct object *o)
{
	get(&p->opt->fields, o, p->values);
	out_set_now(&p->out, o->read);
	out_row(&p->out, p->values);
}

void
printer_print(struct printer *p, const struct object *o)
{
	const struct field_choice *chosen = &p->opt->fields;

	for (size_t i = 0; i < chosen->count; i++)
		p->unread += field_is_unread(chosen->list[i], o);
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
	sort_free(p->sort);
	free(p->kept);
	free(p->values);
	free(p->keys);
}
