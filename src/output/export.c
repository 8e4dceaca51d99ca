/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "lib/xalloc.h"
#include "output/writer.h"

/*
 * Assignments for sh, one line for each row: IPC_REF='shm:3' IPC_UID='0'.  In single
 * quotes only the quote itself is special.  A newline becomes \x0a, because each line
 * must be complete for eval.  Null is set to the empty text, so that a variable never
 * keeps the value of the previous row.
 */

static void
put_quoted_text(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		switch (text[i]) {
		case '\'':
			buf_str(b, "'\\''");
			break;
		case '\n':
			buf_str(b, "\\x0a");
			break;
		default:
			buf_char(b, text[i]);
			break;
		}
}

/* Whether text needs no change between quotes. */
static bool
export_is_clean(const char *text, size_t len)
{
	return memchr(text, '\'', len) == NULL && memchr(text, '\n', len) == NULL;
}

static size_t
cell(struct out *out, const struct value *v, struct buf *b)
{
	size_t start;

	buf_char(b, '\'');
	start = b->len;
	value_text(v, &out->style, b);
	if (!value_is_plain(v->type) && !export_is_clean(b->data + start, b->len - start))
		out_encode(b, start, put_quoted_text);
	buf_char(b, '\'');
	return 0;
}

/* The state holds the start of the assignment for each column. */
static void
begin(struct out *out)
{
	struct buf *names = xcalloc(out->columns_count, sizeof *names);

	for (size_t i = 0; i < out->columns_count; i++) {
		buf_str(&names[i], i == 0 ? "IPC_" : " IPC_");
		out_heading(&names[i], out->columns[i]->name);
		buf_char(&names[i], '=');
	}
	out->state = names;
}

static void
row(struct out *out, const struct value *values)
{
	const struct buf *names = out->state;

	for (size_t i = 0; i < out->columns_count; i++) {
		buf_add(&out->buf, names[i].data, names[i].len);
		if (values[i].state == VALUE_SET)
			out_cell(out, i, &values[i], &out->buf);
		else
			buf_str(&out->buf, "''");
	}
	buf_char(&out->buf, '\n');
	out_drain(out);
}

static void
end(struct out *out)
{
	struct buf *names = out->state;

	for (size_t i = 0; i < out->columns_count; i++)
		buf_free(&names[i]);
	free(names);
}

const struct writer writer_export = {
	.name = "export",
	.help = "assignments for sh, such as IPC_REF='shm:3'",
	.begin = begin,
	.cell = cell,
	.row = row,
	.end = end,
};
