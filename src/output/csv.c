/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/utf8.h"
#include "output/writer.h"

/*
 * Comma-separated values as in RFC 4180.  Lines end with CR LF.  A value with a comma, a
 * quote, a line end or a byte that is not ASCII stands in quotes.  Null is nothing at
 * all, while an empty text or list is a pair of quotes, so that programs can tell them
 * apart.
 */

static const char line_end[] = "\r\n";

/* Whether text is ASCII and needs no quotes. */
static bool
csv_is_clean(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == ',' || text[i] == '"' || text[i] == '\r' ||
			text[i] == '\n' || (unsigned char)text[i] >= 0x80)
			return false;
	return len > 0;
}

/* Appends text in quotes, and doubles the quotes in it.  What is not UTF-8 becomes
 * U+FFFD. */
static void
put_quoted(struct buf *b, const char *text, size_t len)
{
	size_t n;

	buf_char(b, '"');
	for (; len > 0; text += n, len -= n) {
		long character;

		n = utf8_next(text, len, &character);
		if (character == '"')
			buf_char(b, '"');
		if (character < 0)
			buf_str(b, "\xef\xbf\xbd");
		else
			buf_add(b, text, n);
	}
	buf_char(b, '"');
}

static size_t
cell(struct out *out, const struct value *v, struct buf *b)
{
	size_t start = b->len;

	value_text(v, &out->style, b);
	if (value_is_plain(v->type) && !value_is_list(v->type))
		return 0;
	if (!csv_is_clean(b->data + start, b->len - start))
		out_encode(b, start, put_quoted);
	return 0;
}

static void
begin(struct out *out)
{
	for (size_t i = 0; out->headings && i < out->columns_count; i++) {
		buf_str(&out->buf, i == 0 ? "" : ",");
		buf_str(&out->buf, out->columns[i]->name);
	}
	buf_str(&out->buf, out->headings ? line_end : "");
}

static void
row(struct out *out, const struct value *values)
{
	for (size_t i = 0; i < out->columns_count; i++) {
		if (i > 0)
			buf_char(&out->buf, ',');
		if (values[i].state == VALUE_SET)
			out_cell(out, i, &values[i], &out->buf);
		else if (out->columns_count == 1)
			buf_str(&out->buf, "\"\""); /* an empty line is not a row */
	}
	buf_add(&out->buf, line_end, sizeof line_end - 1);
	out_drain(out);
}

static void
end(struct out *out)
{
	(void)out;
}

const struct writer writer_csv = {
	.name = "csv",
	.help = "comma-separated values with a heading, RFC 4180",
	.begin = begin,
	.cell = cell,
	.row = row,
	.end = end,
};
