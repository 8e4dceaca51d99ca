/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/utf8.h"
#include "output/writer.h"

/*
 * Words for read and awk, one line for each row.  No word is empty or has a blank in it.
 * Blanks, control characters, backslashes and bytes that are not UTF-8 become \xHH each.
 * "-" is null, or an empty list or text; a literal "-" is \x2d.
 */

/* Whether a program may split text into words or lines at this character, in any
 * locale. */
static bool
splits(long character)
{
	return character <= ' ' || (character >= 0x7f && character <= 0xa0) ||
		character == 0x1680 || (character >= 0x2000 && character <= 0x200a) ||
		character == 0x2028 || character == 0x2029 || character == 0x202f ||
		character == 0x205f || character == 0x3000;
}

static void
put_word(struct buf *b, const char *text, size_t len)
{
	size_t n;

	if (len == 0)
		buf_char(b, '-');
	if (len == 1 && *text == '-') {
		buf_str(b, "\\x2d");
		return;
	}
	for (; len > 0; text += n, len -= n) {
		long character;

		n = utf8_next(text, len, &character);
		if (character != '\\' && !splits(character)) {
			buf_add(b, text, n);
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			buf_str(b, "\\x");
			buf_digits(b, (unsigned char)text[i], 16, 2);
		}
	}
}

/* Whether text needs no escapes. */
static bool
raw_is_clean(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '\\')
			return false;
	return len > 1 || (len == 1 && *text != '-');
}

static size_t
cell(struct out *out, const struct value *v, struct buf *b)
{
	size_t start = b->len;

	value_text(v, &out->style, b);
	if (value_is_plain(v->type) && !value_is_list(v->type))
		return 0;
	if (!raw_is_clean(b->data + start, b->len - start))
		out_encode(b, start, put_word);
	return 0;
}

static void
begin(struct out *out)
{
	for (size_t i = 0; out->headings && i < out->columns_count; i++) {
		buf_str(&out->buf, i == 0 ? "" : " ");
		out_heading(&out->buf, out->columns[i]->name);
	}
	buf_str(&out->buf, out->headings ? "\n" : "");
}

static void
row(struct out *out, const struct value *values)
{
	for (size_t i = 0; i < out->columns_count; i++) {
		if (i > 0)
			buf_char(&out->buf, ' ');
		if (values[i].state == VALUE_SET)
			out_cell(out, i, &values[i], &out->buf);
		else
			buf_char(&out->buf, '-');
	}
	buf_char(&out->buf, '\n');
	out_drain(out);
}

static void
end(struct out *out)
{
	(void)out;
}

const struct writer writer_raw = {
	.name = "raw",
	.help = "words separated by blanks, with a heading",
	.begin = begin,
	.cell = cell,
	.row = row,
	.end = end,
};
