/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "printer.h"

#include <stdlib.h>

#include "xalloc.h"

void
printer_start(struct printer *p, const struct opt_output *opt,
	const struct field *const *shown, size_t shown_count)
{
	*p = (struct printer){
		.shown = shown,
		.shown_count = shown_count,
		.columns = xcalloc(shown_count, sizeof *p->columns),
		.values = xcalloc(shown_count, sizeof *p->values),
	};
	for (size_t i = 0; i < shown_count; i++)
		p->columns[i] = &shown[i]->column;
	p->out = (struct out){
		.writer = opt->writer,
		.title = "objects",
		.columns = p->columns,
		.columns_count = shown_count,
		.style = { .people = opt->writer->people, .now = time(NULL) },
		.headings = !opt->no_headings,
		.leave_absent = opt->fields == NULL || *opt->fields == '+',
	};
	out_begin(&p->out);
}

facts_t
printer_needs(const struct printer *p)
{
	facts_t needs = 0;

	for (size_t i = 0; i < p->shown_count; i++)
		needs |= field_needs(p->shown[i]);
	return needs;
}

void
printer_print(struct printer *p, const struct object *o)
{
	for (size_t i = 0; i < p->shown_count; i++) {
		if (p->kind != o->kind && !field_of_kind(p->shown[i], o->kind))
			p->values[i].state = VALUE_ABSENT;
		else if (p->kind != o->kind || p->values[i].state != VALUE_ABSENT)
			field_get(p->shown[i], o, &p->values[i]);
	}
	p->kind = o->kind;
	out_row(&p->out, p->values);
}

void
printer_end(struct printer *p)
{
	out_end(&p->out);
	free(p->columns);
	free(p->values);
}
