/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/json.h"

#include <stdlib.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "output/writer.h"

/* Appends one character of a string that must be escaped. */
static void
put_character(struct buf *b, const char *text, size_t len, long character)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	if (character < 0) {
		buf_str(b, "\\ufffd");
		return;
	}
	for (const char *p = shorts; *p != '\0'; p += 2)
		if (character == *p) {
			buf_char(b, '\\');
			buf_char(b, p[1]);
			return;
		}
	if (character >= ' ' && character != 0x7f) {
		buf_add(b, text, len);
		return;
	}
	buf_str(b, "\\u");
	buf_digits(b, character, 16, 4);
}

void
json_characters(struct buf *b, const char *text, size_t len)
{
	size_t n;

	for (; len > 0; text += n, len -= n) {
		long character;

		n = utf8_next(text, len, &character);
		put_character(b, text, n, character);
	}
}

/* Whether text needs no escapes in a string. */
static bool
json_is_clean(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == '"' || text[i] == '\\')
			return false;
	return true;
}

static void
put_string(struct out *out, const struct value *v, struct buf *b)
{
	size_t start;

	buf_char(b, '"');
	start = b->len;
	value_text(v, &out->style, b);
	if (!json_is_clean(b->data + start, b->len - start))
		out_encode(b, start, json_characters);
	buf_char(b, '"');
}

static void
put_json_list(struct buf *b, const struct value *v)
{
	buf_char(b, '[');
	for (size_t i = 0; i < v->list.count; i++) {
		if (i > 0)
			buf_str(b, ", ");
		buf_char(b, '"');
		json_characters(b, value_word(v, i), strlen(value_word(v, i)));
		buf_char(b, '"');
	}
	buf_char(b, ']');
}

static void
put_json_time(struct out *out, const struct value *v, struct buf *b)
{
	const char *quote = out->style.times == TIME_EPOCH ? "" : "\"";

	buf_str(b, quote);
	value_text(v, &out->style, b);
	buf_str(b, quote);
}

static size_t cell(struct out *out, const struct value *v, struct buf *b);

/* An array of objects. */
static void
put_json_table(struct out *out, const struct value *v, struct buf *b)
{
	const struct value_table *table = v->table.table;
	struct value *values = xcalloc(table->columns_count, sizeof *values);

	buf_char(b, '[');
	for (size_t i = 0; i < v->table.rows; i++) {
		table->row(v->table.of, i, values);
		buf_str(b, i == 0 ? "{" : ", {");
		for (size_t k = 0; k < table->columns_count; k++) {
			buf_printf(b, "%s\"%s\": ", k == 0 ? "" : ", ",
				table->columns[k]->name);
			if (values[k].state == VALUE_SET)
				cell(out, &values[k], b);
			else
				buf_str(b, "null");
		}
		buf_char(b, '}');
	}
	buf_char(b, ']');
	free(values);
}

static size_t
cell(struct out *out, const struct value *v, struct buf *b)
{
	switch (v->type) {
	case VALUE_NUMBER:
	case VALUE_SIZE:
	case VALUE_SECONDS:
	case VALUE_PERCENT:
		buf_number(b, v->number);
		break;
	case VALUE_BOOL:
		value_text(v, &out->style, b);
		break;
	case VALUE_TIME:
	case VALUE_AGE:
		put_json_time(out, v, b);
		break;
	case VALUE_NUMBERS:
		buf_char(b, '[');
		value_text(v, &out->style, b);
		buf_char(b, ']');
		break;
	case VALUE_TABLE:
		put_json_table(out, v, b);
		break;
	case VALUE_LIST:
		put_json_list(b, v);
		break;
	case VALUE_USER:
	case VALUE_GROUP:
	case VALUE_TEXT:
		put_string(out, v, b);
		break;
	default:
		buf_char(b, '"');
		value_text(v, &out->style, b);
		buf_char(b, '"');
		break;
	}
	return 0;
}

/* Appends the names of the fields that are null because they could not be read. */
static void
put_unread(struct out *out, const struct value *values)
{
	const char *before = ", \"unread\": [";

	for (size_t i = 0; i < out->columns_count; i++) {
		if (values[i].state != VALUE_UNREAD)
			continue;
		buf_printf(&out->buf, "%s\"%s\"", before, out->columns[i]->name);
		before = ", ";
	}
	buf_char(&out->buf, ']');
}

/* The state holds the start of a member, with its name, for each column. */
static void
begin(struct out *out)
{
	struct buf *names = xcalloc(out->columns_count, sizeof *names);

	for (size_t i = 0; i < out->columns_count; i++)
		buf_printf(&names[i], ", \"%s\": ", out->columns[i]->name);
	out->state = names;
}

static void
put_json_row(struct out *out, const struct value *values)
{
	const struct buf *names = out->state;
	struct buf *b = &out->buf;
	size_t skip = strlen(", "); /* no separator before the first name */
	bool unread = false;

	buf_char(b, '{');
	for (size_t i = 0; i < out->columns_count; i++) {
		const struct value *v = &values[i];

		if (v->state == VALUE_ABSENT && i < out->optional)
			continue;
		buf_add(b, names[i].data + skip, names[i].len - skip);
		if (v->state == VALUE_SET)
			out_cell(out, i, v, b);
		else
			buf_str(b, "null");
		unread |= v->state == VALUE_UNREAD;
		skip = 0;
	}
	if (unread)
		put_unread(out, values);
	buf_char(b, '}');
}

static void
end(struct out *out)
{
	struct buf *names = out->state;

	for (size_t i = 0; i < out->columns_count; i++)
		buf_free(&names[i]);
	free(names);
}

static void
document_begin(struct out *out)
{
	begin(out);
	buf_printf(&out->buf, "{\"schema\": %d, \"%s\": [", JSON_SCHEMA, out->title);
}

static void
document_row(struct out *out, const struct value *values)
{
	buf_str(&out->buf, out->rows == 0 ? "\n" : ",\n");
	put_json_row(out, values);
	out_drain(out);
}

static void
document_next(struct out *out, const char *title, const struct column *const *columns,
	size_t count)
{
	end(out);
	out->columns = columns;
	out->columns_count = count;
	begin(out);
	buf_printf(&out->buf, "%s], \"%s\": [", out->rows == 0 ? "" : "\n", title);
}

static void
document_end(struct out *out)
{
	buf_str(&out->buf, out->rows == 0 ? "]}\n" : "\n]}\n");
	end(out);
}

static void
line_row(struct out *out, const struct value *values)
{
	put_json_row(out, values);
	buf_char(&out->buf, '\n');
	out_drain(out);
}

const struct writer writer_json = {
	.name = "json",
	.help = "one JSON document",
	.nests = true,
	.begin = document_begin,
	.cell = cell,
	.row = document_row,
	.end = document_end,
	.next = document_next,
};

const struct writer writer_jsonl = {
	.name = "jsonl",
	.help = "a JSON object on each line",
	.nests = true,
	.begin = begin,
	.cell = cell,
	.row = line_row,
	.end = end,
};
