/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "lib/xalloc.h"
#include "output/writer.h"

/* A block of lines for each object, for people.  The first value is the heading; each
 * other value is a line with its name.  Values that are tables are printed as tables. */

static void
begin(struct out *out)
{
	(void)out;
}

static void
put_block_table(struct out *out, const struct value *v)
{
	const struct value_table *table = v->table.table;
	struct value *values = xcalloc(table->columns_count, sizeof *values);
	struct out inner = {
		.writer = &writer_table,
		.to = out->to,
		.columns = table->columns,
		.columns_count = table->columns_count,
		.style = out->style,
		.headings = true,
		.indent = 4,
	};

	out_drain_all(out);
	out_begin(&inner);
	for (size_t i = 0; i < v->table.rows; i++) {
		table->row(v->table.of, i, values);
		out_row(&inner, values);
	}
	out_end(&inner);
	free(values);
}

static bool
is_left_out(const struct out *out, const struct value *values, size_t column)
{
	return column < out->optional && values[column].state == VALUE_ABSENT;
}

/* The width of the longest name of a value that the block has. */
static size_t
names_width(const struct out *out, const struct value *values)
{
	size_t width = 0;

	for (size_t i = 1; i < out->columns_count; i++)
		if (!is_left_out(out, values, i) &&
			out->columns[i]->type != VALUE_TABLE &&
			strlen(out->columns[i]->name) > width)
			width = strlen(out->columns[i]->name);
	return width;
}

static void
put_heading(struct out *out, const char *name)
{
	buf_str(&out->buf, "  ");
	out_heading(&out->buf, name);
}

static void
put_line(struct out *out, size_t column, size_t width, const struct value *v)
{
	const char *name = out->columns[column]->name;

	if (column > 0) {
		put_heading(out, name);
		for (size_t i = strlen(name); i < width; i++)
			buf_char(&out->buf, ' ');
		buf_str(&out->buf, "  ");
	}
	if (v->state == VALUE_SET)
		out_cell(out, column, v, &out->buf);
	else
		buf_str(&out->buf,
			v->state == VALUE_UNREAD ? "? (could not be read)" : "-");
	while (out->buf.len > 0 && out->buf.data[out->buf.len - 1] == ' ')
		out->buf.len--;
	buf_char(&out->buf, '\n');
}

static void
row(struct out *out, const struct value *values)
{
	size_t width = names_width(out, values);

	if (out->rows > 0)
		buf_char(&out->buf, '\n');
	for (size_t i = 0; i < out->columns_count; i++) {
		const struct value *v = &values[i];

		if (is_left_out(out, values, i))
			continue;
		if (v->type != VALUE_TABLE || v->state != VALUE_SET) {
			put_line(out, i, width, v);
		} else if (v->table.rows > 0) {
			put_heading(out, out->columns[i]->name);
			buf_char(&out->buf, '\n');
			put_block_table(out, v);
		}
	}
	out_drain(out);
}

static void
end(struct out *out)
{
	(void)out;
}

const struct writer writer_block = {
	.name = "table",
	.help = "a block of lines for each object",
	.people = true,
	.nests = true,
	.begin = begin,
	.cell = out_people_cell,
	.row = row,
	.end = end,
};
