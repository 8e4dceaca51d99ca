/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdlib.h>

#include "utf8.h"
#include "writer.h"
#include "xalloc.h"

/*
 * The table is as wide as its content, so it is kept until the last row is known: the text
 * of all cells, one behind the other.  Before each stands its length in one byte, if the
 * text takes as many columns and fewer than LONG, as nearly all do; else LONG and then
 * both numbers.  This halves the memory that a long table fills.
 */
struct table {
	struct buf cells;
	struct buf text; /* of the value at hand */
	size_t *widths;
};

enum { LONG = 255 };

struct cell {
	size_t len;
	size_t columns;
};

static void
keep(struct table *t, size_t column, const char *text, struct cell cell)
{
	if (cell.len == cell.columns && cell.len < LONG) {
		buf_char(&t->cells, (char)cell.len);
	} else {
		buf_char(&t->cells, (char)LONG);
		buf_add(&t->cells, &cell, sizeof cell);
	}
	buf_add(&t->cells, text, cell.len);
	if (t->widths[column] < cell.columns)
		t->widths[column] = cell.columns;
}

/* Reads what is kept before the text of a cell and returns where the text starts. */
static const char *
kept(const char *p, struct cell *cell)
{
	unsigned char len = *p++;

	if (len != LONG) {
		*cell = (struct cell){ len, len };
		return p;
	}
	memcpy(cell, p, sizeof *cell);
	return p + sizeof *cell;
}

static size_t
cell(struct out *out, const struct value *v, struct buf *b)
{
	struct buf name = { 0 };
	size_t before = b->len;
	size_t columns;

	if (value_is_plain(v->type)) {
		value_text(v, &out->style, b);
		return b->len - before;
	}
	value_text(v, &out->style, &name);
	columns = utf8_show(b, name.data, name.len);
	buf_free(&name);
	return columns;
}

static void
begin(struct out *out)
{
	struct table *t = xcalloc(1, sizeof *t);

	t->widths = xcalloc(out->columns_count, sizeof *t->widths);
	out->state = t;
	for (size_t i = 0; out->headings && i < out->columns_count; i++) {
		t->text.len = 0;
		for (const char *p = out->columns[i]->name; *p != '\0'; p++)
			buf_char(&t->text, (char)toupper((unsigned char)*p));
		keep(t, i, t->text.data, (struct cell){ t->text.len, t->text.len });
	}
}

static void
row(struct out *out, const struct value *values)
{
	struct table *t = out->state;

	for (size_t i = 0; i < out->columns_count; i++) {
		size_t columns = 0;

		t->text.len = 0;
		if (values[i].state == VALUE_SET)
			columns = out_cell(out, i, &values[i], &t->text);
		else if (values[i].state == VALUE_UNREAD)
			buf_char(&t->text, "?"[columns++]);
		keep(t, i, t->text.data, (struct cell){ t->text.len, columns });
	}
}

static void
blanks(struct buf *b, size_t count)
{
	static const char some[] = "                                ";

	for (; count >= sizeof some; count -= sizeof some - 1)
		buf_add(b, some, sizeof some - 1);
	buf_add(b, some, count);
}

/* Prints one row of kept cells, without blanks at its end, and returns what follows it. */
static const char *
print_row(struct out *out, const struct table *t, const char *p)
{
	size_t pending =
		out->indent; /* blanks that only a further cell makes necessary */

	for (size_t i = 0; i < out->columns_count; i++) {
		struct cell cell;
		size_t padding;

		p = kept(p, &cell);
		padding = t->widths[i] - cell.columns;
		if (value_is_right(out->columns[i]->type)) {
			pending += padding;
			padding = 0;
		}
		if (cell.len > 0) {
			blanks(&out->buf, pending);
			buf_add(&out->buf, p, cell.len);
			p += cell.len;
			pending = 0;
		}
		pending += padding + 2;
	}
	buf_char(&out->buf, '\n');
	return p;
}

static void
end(struct out *out)
{
	struct table *t = out->state;
	const char *p = t->cells.data;
	const char *stop = p + t->cells.len;

	while (p < stop) {
		p = print_row(out, t, p);
		out_drain(out);
	}
	buf_free(&t->cells);
	buf_free(&t->text);
	free(t->widths);
	free(t);
}

const struct writer writer_table = {
	.name = "table",
	.help = "aligned columns, for people",
	.people = true,
	.begin = begin,
	.cell = cell,
	.row = row,
	.end = end,
};
