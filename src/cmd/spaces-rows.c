/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What output tells of the namespaces that a command works in, besides their objects. */

#include <stdlib.h>

#include "cmd/spaces.h"
#include "lib/xalloc.h"

/* Chooses the fields that the command namespaces prints for programs. */
static void
choose_row_fields(struct layout *l)
{
	*l = (struct layout){
		.fields = { .set = &fields_of_namespaces, .without = FIELD_PEOPLE },
		.writer = &writer_json,
	};
	field_choose_all(&l->fields, FACTS_NUMBER, FIELD_COSTLY);
	layout_complete(l);
}

/* The text of a container, which the caller owns; NULL if there is none. */
static char *
container_text(const struct namespace_row *row, bool brief)
{
	struct buf text = { 0 };
	char *copy = NULL;

	if (container_put_of(row->ns->file.inode, &row->container, brief, &text))
		copy = xstrdup(buf_text(&text));
	buf_free(&text);
	return copy;
}

void
spaces_describe(struct spaces *s)
{
	unsigned needs = s->tells_container ? NS_NEEDS_CONTAINER : 0;

	if (s->tells_namespaces) {
		choose_row_fields(&s->row_layout);
		needs |= layout_needs_of_namespaces(&s->row_layout);
	}
	namespace_rows_start(&s->rows, &s->all, needs);
	for (size_t i = 0; i < s->count; i++) {
		const struct namespace_row *row = &s->rows.list[s->list[i].place];
		struct ipcns *ns = &s->list[i].ns;

		namespace_rows_describe(&s->rows, s->list[i].place);
		if (!row->has_container)
			continue;
		ns->knows_container = true;
		ns->container = container_text(row, false);
		ns->container_brief = container_text(row, true);
	}
}

void
spaces_print(void *spaces, struct out *out)
{
	struct spaces *s = spaces;
	struct namespace_row **rows = xcalloc(s->count + 1, sizeof *rows);
	const struct layout *l = &s->row_layout;
	struct value *values = xcalloc(l->fields.count, sizeof *values);

	for (size_t i = 0; i < s->count; i++)
		rows[i] = &s->rows.list[s->list[i].place];
	qsort(rows, s->count, sizeof *rows, namespace_rows_compare);
	out_next(out, "namespaces", l->columns, l->fields.count);
	for (size_t i = 0; i < s->count; i++) {
		rows[i]->style = &out->style;
		for (size_t k = 0; k < l->fields.count; k++)
			field_get_namespace(l->fields.list[k], rows[i], &values[k]);
		out_row(out, values);
	}
	free(values);
	free(rows);
}
