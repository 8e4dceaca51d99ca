/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>
#include <stdlib.h>
#include <sys/types.h>

#include "lib/xalloc.h"
#include "output/writer.h"

/*
 * The width of the table depends on all rows, so the text of all cells is kept until the
 * last row.  The cells are stored one after the other.  A cell starts with its length in
 * one byte if the text has as many columns as bytes and fewer than LONG, as nearly all
 * have; else with LONG and both numbers.  This halves the memory of a long table.  A
 * table longer than any kernel's, for example from a saved copy, is printed in parts, to
 * limit the memory; later parts may be wider.
 */
struct table {
	struct buf cells;
	size_t *widths;
	bool *hidden; /* the columns that were dropped */
};

enum {
	LONG = 255,
	PART = 1 << 26, /* bytes of cells; 96,000 objects take a tenth */
	GAP = 2, /* blanks between columns */
};

struct cell {
	size_t len;
	size_t columns;
};

/* Starts a cell and returns the offset for cell_end(); the caller appends the text. */
static size_t
begin_cell(struct table *t)
{
	buf_char(&t->cells, 0);
	return t->cells.len;
}

/* Ends a cell whose text takes this many columns. */
static void
end_cell(struct table *t, size_t column, size_t start, size_t columns)
{
	struct cell cell = { t->cells.len - start, columns };
	char *text;

	if (cell.len == columns && cell.len < LONG) {
		t->cells.data[start - 1] = (char)cell.len;
	} else {
		buf_grow(&t->cells, sizeof cell);
		text = t->cells.data + start;
		memmove(text + sizeof cell, text, cell.len);
		memcpy(text, &cell, sizeof cell);
		t->cells.len += sizeof cell;
		text[-1] = (char)LONG;
	}
	if (t->widths[column] < columns)
		t->widths[column] = columns;
}

/* Reads the header of a stored cell and returns the start of its text. */
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

/* Whether a column is printed below the row. */
static bool
is_note(const struct out *out, size_t column)
{
	return column < CHAR_BIT * sizeof out->notes && out->notes >> column & 1;
}

static void
begin(struct out *out)
{
	struct table *t = xcalloc(1, sizeof *t);

	t->widths = xcalloc(out->columns_count, sizeof *t->widths);
	t->hidden = xcalloc(out->columns_count, sizeof *t->hidden);
	out->state = t;
	for (size_t i = 0; out->headings && i < out->columns_count; i++) {
		size_t start = begin_cell(t);

		if (!is_note(out, i))
			out_heading(&t->cells, out->columns[i]->name);
		end_cell(t, i, start, t->cells.len - start);
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

/* Prints the cells that stand below a row, which begins at p. */
static void
print_notes(struct out *out, const struct table *t, const char *p)
{
	for (size_t i = 0; i < out->columns_count; i++) {
		struct cell cell;
		const char *text = kept(p, &cell);

		p = text + cell.len;
		if (!is_note(out, i) || cell.len == 0)
			continue;
		blanks(&out->buf, out->indent + t->widths[0] + GAP);
		buf_add(&out->buf, text, cell.len);
		buf_char(&out->buf, '\n');
	}
}

/* Prints one row of stored cells without trailing blanks, and returns the end of the
 * row. */
static const char *
print_row(struct out *out, const struct table *t, const char *p)
{
	const char *start = p;
	size_t pending =
		out->indent; /* blanks that are printed only before a further cell */

	for (size_t i = 0; i < out->columns_count; i++) {
		struct cell cell;
		const char *text = kept(p, &cell);
		size_t padding = t->widths[i] - cell.columns;

		p = text + cell.len;
		if (t->hidden[i] || is_note(out, i))
			continue;
		if (value_is_right(out->columns[i]->type)) {
			pending += padding;
			padding = 0;
		}
		if (cell.len > 0) {
			blanks(&out->buf, pending);
			buf_add(&out->buf, text, cell.len);
			pending = 0;
		}
		pending += padding + GAP;
	}
	buf_char(&out->buf, '\n');
	if (out->notes != 0)
		print_notes(out, t, start);
	return p;
}

/* The width of the table on a terminal. */
static size_t
total_width(const struct out *out, const struct table *t)
{
	size_t total = out->indent;

	for (size_t i = 0; i < out->columns_count; i++)
		if (!t->hidden[i] && !is_note(out, i))
			total += t->widths[i] + GAP;
	return total - GAP;
}

/* The index of the column to drop next, or -1. */
static ssize_t
least_important(const struct out *out, const struct table *t)
{
	unsigned char most = 0;
	ssize_t found = -1;

	for (size_t i = 0; out->gives_way != NULL && i < out->columns_count; i++)
		if (!t->hidden[i] && out->gives_way[i] > most) {
			most = out->gives_way[i];
			found = i;
		}
	return found;
}

/* Hides the least important columns until the table fits, and then shows again those that
 * fit in the rest of the width. */
static void
hide_columns(const struct out *out, struct table *t)
{
	size_t hidden = 0;
	ssize_t column;

	while (total_width(out, t) > out->width &&
		(column = least_important(out, t)) >= 0) {
		t->hidden[column] = true;
		hidden++;
	}
	for (unsigned place = 1; hidden > 0 && place <= UCHAR_MAX; place++)
		for (size_t i = 0; i < out->columns_count; i++) {
			if (!t->hidden[i] || out->gives_way[i] != place)
				continue;
			t->hidden[i] = false;
			if (total_width(out, t) > out->width)
				t->hidden[i] = true;
		}
}

/* Prints the stored rows. */
static void
print_part(struct out *out)
{
	struct table *t = out->state;
	const char *p = t->cells.data;
	const char *stop = p + t->cells.len;

	if (out->width > 0)
		hide_columns(out, t);
	while (p < stop) {
		p = print_row(out, t, p);
		out_drain(out);
	}
	t->cells.len = 0;
}

static void
row(struct out *out, const struct value *values)
{
	struct table *t = out->state;

	for (size_t i = 0; i < out->columns_count; i++) {
		size_t start = begin_cell(t);
		size_t columns = 0;

		if (values[i].state == VALUE_SET)
			columns = out_cell(out, i, &values[i], &t->cells);
		else if (values[i].state == VALUE_UNREAD)
			buf_char(&t->cells, "?"[columns++]);
		end_cell(t, i, start, columns);
	}
	if (t->cells.len >= PART)
		print_part(out);
}

static void
end(struct out *out)
{
	struct table *t = out->state;

	print_part(out);
	buf_free(&t->cells);
	free(t->widths);
	free(t->hidden);
	free(t);
}

const struct writer writer_table = {
	.name = "table",
	.help = "aligned columns",
	.people = true,
	.begin = begin,
	.cell = out_people_cell,
	.row = row,
	.end = end,
};
