/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/writer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/array.h"
#include "lib/utf8.h"
#include "lib/write-error.h"
#include "lib/xalloc.h"

const struct writer *const writers[] = {
	&writer_table,
	&writer_json,
	&writer_jsonl,
	&writer_csv,
	&writer_raw,
	&writer_export,
};
const size_t writers_count = ARRAY_SIZE(writers);

/* The last value of a column and its printed form. */
struct out_memo {
	bool costly; /* the type is expensive to format */
	bool known;
	uint64_t number;
	size_t columns;
	struct buf text;
};

static void
drain(struct out *out, size_t above)
{
	if (out->buf.len <= above)
		return;
	if (out->sink != NULL)
		out->sink(out, out->buf.data, out->buf.len);
	else if (fwrite(out->buf.data, 1, out->buf.len,
			 out->to == NULL ? stdout : out->to) < out->buf.len &&
		out->to == NULL)
		write_error_note();
	out->buf.len = 0;
}

static void
make_memo(struct out *out)
{
	out->memo = xcalloc(out->columns_count, sizeof *out->memo);
	for (size_t i = 0; i < out->columns_count; i++)
		out->memo[i].costly = value_is_costly(out->columns[i]->type);
}

static void
free_memo(struct out *out)
{
	for (size_t i = 0; i < out->columns_count; i++)
		buf_free(&out->memo[i].text);
	free(out->memo);
}

void
out_begin(struct out *out)
{
	make_memo(out);
	out->writer->begin(out);
}

void
out_set_now(struct out *out, time_t now)
{
	if (out->style.now == now)
		return;
	out->style.now = now;
	for (size_t i = 0; i < out->columns_count; i++)
		out->memo[i].known = false;
}

void
out_row(struct out *out, const struct value *values)
{
	out->writer->row(out, values);
	out->rows++;
}

void
out_next(struct out *out, const char *title, const struct column *const *columns,
	size_t count)
{
	free_memo(out);
	out->writer->next(out, title, columns, count);
	make_memo(out);
	out->optional = 0;
	out->rows = 0;
}

size_t
out_cell(struct out *out, size_t column, const struct value *v, struct buf *b)
{
	struct out_memo *memo = &out->memo[column];

	/* A value may have another type than its column, such as a word instead of a
	 * number. */
	if (!memo->costly || v->type != out->columns[column]->type)
		return out->writer->cell(out, v, b);
	if (!memo->known || memo->number != v->number) {
		memo->text.len = 0;
		memo->columns = out->writer->cell(out, v, &memo->text);
		memo->number = v->number;
		memo->known = true;
	}
	buf_add(b, memo->text.data, memo->text.len);
	return memo->columns;
}

void
out_encode(struct buf *b, size_t start,
	void (*put)(struct buf *b, const char *text, size_t len))
{
	struct buf text = { 0 };

	buf_add(&text, b->data + start, b->len - start);
	b->len = start;
	put(b, text.data, text.len);
	buf_free(&text);
}

/* The text of a cell without what colours it; returns how many columns it takes. */
static size_t
put_plain_cell(struct out *out, const struct value *v, struct buf *b)
{
	struct style plain = out->style;
	struct buf text = { 0 };
	size_t start = b->len;
	size_t columns;

	value_text(v, &out->style, b);
	columns = b->len - start;
	if (v->type == VALUE_LIST && out->style.color) {
		plain.color = false;
		value_text(v, &plain, &text);
		columns = text.len;
	} else if (!value_is_plain(v->type) && !utf8_plain(b->data + start, columns)) {
		buf_add(&text, b->data + start, columns);
		b->len = start;
		columns = utf8_show(b, text.data, text.len);
	}
	buf_free(&text);
	return columns;
}

size_t
out_people_cell(struct out *out, const struct value *v, struct buf *b)
{
	bool alert = v->alert && out->style.color;
	size_t columns;

	buf_str(b, alert ? VALUE_ALERT : "");
	columns = put_plain_cell(out, v, b);
	buf_str(b, alert ? VALUE_ALERT_END : "");
	return columns;
}

void
out_heading(struct buf *b, const char *name)
{
	for (; *name != '\0'; name++)
		buf_char(b, (char)toupper((unsigned char)*name));
}

void
out_drain(struct out *out)
{
	drain(out, 65536);
}

void
out_drain_all(struct out *out)
{
	drain(out, 0);
}

void
out_end(struct out *out)
{
	out->writer->end(out);
	drain(out, 0);
	buf_free(&out->buf);
	free_memo(out);
}
