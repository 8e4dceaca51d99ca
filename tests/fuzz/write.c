/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The output formats.  The first byte of the input chooses the format, the next ones what
 * the values are, and the rest is text, up to a newline for a value and then for another
 * one; each is found again in what is written.
 */

#include "output/writer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "output/metrics.h"

enum { ROWS = 2, COLUMNS = 6, INNER_ROWS = 2 };

static struct buf written;

/* What is written. */
struct document {
	const char *texts[2];
	uint64_t number;
	enum value_state state; /* of the second text, in the second row */
	bool alert;
};

static const struct column column_text = { "text", VALUE_TEXT };
static const struct column column_words = { "words", VALUE_LIST };
static const struct column column_number = { "number", VALUE_NUMBER };
static const struct column column_time = { "time", VALUE_TIME };
static const struct column column_other = { "other", VALUE_TEXT };
static const struct column column_table = { "table", VALUE_TABLE };

static const struct column *const inner_columns[] = { &column_text, &column_number };

static void
inner_row(const void *of, size_t i, struct value *values)
{
	const struct document *d = of;

	values[0] = (struct value){ .type = VALUE_TEXT, .text = d->texts[i % 2] };
	values[1] = (struct value){ .type = VALUE_NUMBER, .number = d->number };
}

static const struct value_table inner = { inner_columns, ARRAY_SIZE(inner_columns),
	inner_row };

/* The values of a row; a table is only for formats that nest. */
static void
set_values(const struct document *d, size_t row, struct value values[COLUMNS])
{
	values[0] = (struct value){ .type = VALUE_TEXT, .text = d->texts[row] };
	values[0].alert = d->alert;
	values[1] = (struct value){ .type = VALUE_LIST };
	values[1].list.count = d->number % 3;
	values[1].list.words[0] = "dest";
	values[1].list.words[1] = "locked";
	values[1].list.alert = d->alert;
	values[2] = (struct value){ .type = VALUE_NUMBER, .number = d->number };
	values[3] = (struct value){ .type = VALUE_TIME,
		.number = d->number % UINT64_C(253402300800) };
	values[4] = (struct value){ .type = VALUE_TEXT, .text = d->texts[1 - row] };
	values[4].state = row == 0 ? VALUE_SET : d->state;
	values[5] = (struct value){ .type = VALUE_TABLE };
	values[5].table.table = &inner;
	values[5].table.of = d;
	values[5].table.rows = d->number % (INNER_ROWS + 1);
}

static void
write_document(const struct writer *writer, const struct document *d)
{
	static const struct column *const columns[COLUMNS] = { &column_text,
		&column_words, &column_number, &column_time, &column_other,
		&column_table };
	static const unsigned char gives_way[COLUMNS] = { 0, 1, 2, 3, 0, 0 };
	struct value values[COLUMNS];
	char *text;
	size_t len;
	struct out out = {
		.writer = writer,
		.title = "objects",
		.columns = columns,
		.columns_count = COLUMNS - !writer->nests,
		.style = { .people = writer->people, .color = d->alert },
		.headings = true,
		.width = writer->people ? d->number % 100 : 0,
		.gives_way = gives_way,
		.to = open_memstream(&text, &len),
	};

	require(out.to != NULL);
	out_begin(&out);
	for (size_t i = 0; i < ROWS; i++) {
		set_values(d, i, values);
		out_row(&out, values);
	}
	out_end(&out);
	require(fclose(out.to) == 0);
	written.len = 0;
	buf_add(&written, text, len);
	free(text);
}

/* --- JSON (RFC 8259) --- */

static void read_json(const char **p);

static void
read_json_string(const char **p)
{
	require(*(*p)++ == '"');
	while (**p != '"') {
		require((unsigned char)**p >= ' ');
		if (*(*p)++ != '\\')
			continue;
		if (**p == 'u')
			require(strspn(*p + 1, "0123456789abcdef") >= 4);
		else
			require(strchr("\"\\/bfnrt", **p) != NULL && **p != '\0');
		(*p)++;
	}
	(*p)++;
}

static void
skip_json_blanks(const char **p)
{
	*p += strspn(*p, " \n");
}

/* The rest of an object or an array. */
static void
read_json_members(const char **p, char end)
{
	(*p)++;
	skip_json_blanks(p);
	if (**p == end) {
		(*p)++;
		return;
	}
	for (;;) {
		if (end == '}') {
			read_json_string(p);
			require(*(*p)++ == ':');
		}
		read_json(p);
		if (**p != ',')
			break;
		(*p)++;
		skip_json_blanks(p);
	}
	require(*(*p)++ == end);
}

static void
read_json(const char **p)
{
	skip_json_blanks(p);
	if (**p == '"') {
		read_json_string(p);
	} else if (**p == '{') {
		read_json_members(p, '}');
	} else if (**p == '[') {
		read_json_members(p, ']');
	} else if (strncmp(*p, "null", 4) == 0) {
		*p += 4;
	} else {
		require(isdigit((unsigned char)**p) &&
			(**p != '0' || !isdigit((unsigned char)(*p)[1])));
		*p += strspn(*p, "0123456789");
	}
	skip_json_blanks(p);
}

static void
check_json(const struct document *d)
{
	const char *p;

	for (int lines = 0; lines < 2; lines++) {
		write_document(lines ? &writer_jsonl : &writer_json, d);
		/* Other control characters than U+0000 to U+001F need no escape. */
		for (const char *q = buf_text(&written); *q != '\0'; q++)
			require((unsigned char)*q >= ' ' || *q == '\n');
		for (size_t i = 0, n; i < written.len; i += n)
			require((n = fuzz_character(written.data + i, written.len - i)) >
				0);
		p = buf_text(&written);
		for (int i = 0; i < (lines ? ROWS : 1); i++) {
			require(*p == '{');
			read_json(&p);
			require(p[-1] == '\n');
		}
		require(p == written.data + written.len);
	}
}

/* --- Formats without nesting --- */

/* Decodes a cell of CSV (RFC 4180) at *p, and moves *p to what follows it. */
static void
read_csv(const char **p, struct buf *cell)
{
	cell->len = 0;
	if (**p != '"') {
		size_t len = strcspn(*p, ",\r\n\"");

		buf_add(cell, *p, len);
		*p += len;
		return;
	}
	for ((*p)++; **p != '"' || (*p)[1] == '"'; (*p)++) {
		require(**p != '\0');
		buf_char(cell, **p);
		*p += **p == '"';
	}
	(*p)++;
}

/* A word, with its escapes. */
static void
read_raw(const char **p, struct buf *cell)
{
	size_t len = strcspn(*p, " \n");

	cell->len = 0;
	require(len > 0);
	if (len > 1 || **p != '-')
		fuzz_put_unescaped(cell, *p, len);
	*p += len;
}

/* An assignment of sh. */
static void
read_export(const char **p, struct buf *cell)
{
	require(strncmp(*p, "IPC_", 4) == 0);
	*p += 4;
	*p += strspn(*p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	require(*(*p)++ == '=' && **p == '\'');
	cell->len = 0;
	while (**p == '\'' || **p == '\\') {
		size_t len;

		if (*(*p)++ == '\\') {
			buf_char(cell, *(*p)++);
			continue;
		}
		len = strcspn(*p, "'");
		buf_add(cell, *p, len);
		*p += len;
		require(*(*p)++ == '\'');
	}
}

/* The text that a cell must have. */
static void
put_wanted(struct buf *b, const struct writer *writer, const char *text)
{
	if (writer == &writer_csv) {
		fuzz_put_replaced(b, text, strlen(text));
		return;
	}
	for (; *text != '\0'; text++)
		if (writer == &writer_export && *text == '\n')
			buf_str(b, "\\x0a");
		else
			buf_char(b, *text);
}

/* How a format separates cells, ends lines, and writes a cell. */
struct form {
	const struct writer *writer;
	char separator;
	const char *line_end;
	void (*read)(const char **p, struct buf *cell);
};

static void
check_cells(const struct form *form, const struct document *d)
{
	struct buf cell = { 0 }, wanted = { 0 };
	const char *p;

	write_document(form->writer, d);
	p = buf_text(&written);
	if (form->writer != &writer_export)
		p = strchr(p, '\n') + 1;
	for (size_t row = 0; row < ROWS; row++)
		for (size_t i = 0; i < COLUMNS - 1; i++) {
			bool last = i == COLUMNS - 2;
			const char *text = d->texts[i == 0 ? row : 1 - row];

			form->read(&p, &cell);
			wanted.len = 0;
			put_wanted(&wanted, form->writer, text);
			if (i == 0 || (last && row == 0))
				require(fuzz_has(&cell, wanted.data, wanted.len));
			if (last && row == 1 && d->state != VALUE_SET)
				require(cell.len == 0);
			if (!last)
				require(*p++ == form->separator);
			else
				require(strncmp(p, form->line_end,
						strlen(form->line_end)) == 0);
			if (last)
				p += strlen(form->line_end);
		}
	require(*p == '\0');
	buf_free(&cell);
	buf_free(&wanted);
}

/* --- Formats for people, and metrics --- */

/* No text reaches a terminal as anything but printable characters, or the colours. */
static void
check_people(const struct writer *writer, const struct document *d)
{
	const char *p;

	write_document(writer, d);
	require(fuzz_is_clean(written.data, written.len, "\n\033"));
	for (p = buf_text(&written); (p = strchr(p, '\033')) != NULL; p++) {
		require(d->alert);
		require(strncmp(p, VALUE_ALERT, strlen(VALUE_ALERT)) == 0 ||
			strncmp(p, VALUE_ALERT_END, strlen(VALUE_ALERT_END)) == 0);
	}
}

static void
check_metrics(const struct document *d)
{
	static const struct metric metric = { "ipctool_x", "Help." };
	const struct metric_label labels[] = { { "a", d->texts[0] }, { "b", d->texts[1] },
		{ 0 } };
	struct buf text = { 0 }, wanted = { 0 };
	const char *p;

	written.len = 0;
	metrics_sample(&written, &metric, labels, d->number);
	p = buf_text(&written);
	for (int i = 0; i < 2; i++) {
		const char *start = i == 0 ? "ipctool_x{a=\"" : "\",b=\"";

		require(strncmp(p, start, strlen(start)) == 0);
		text.len = wanted.len = 0;
		for (p += strlen(start); *p != '"'; p++) {
			require(*p != '\n' && *p != '\0');
			p += *p == '\\';
			buf_char(&text, p[-1] == '\\' && *p == 'n' ? '\n' : *p);
		}
		fuzz_put_replaced(&wanted, d->texts[i], strlen(d->texts[i]));
		require(text.len == wanted.len);
	}
	require(strncmp(p, "\"} ", 3) == 0);
	require(strtoull(p + 3, (char **)&p, 10) == d->number && strcmp(p, "\n") == 0);
	metrics_sample_ratio(&written, &metric, labels, d->number, d->number | 1);
	buf_free(&text);
	buf_free(&wanted);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct form forms[] = {
		{ &writer_csv, ',', "\r\n", read_csv },
		{ &writer_raw, ' ', "\n", read_raw },
		{ &writer_export, ' ', "\n", read_export },
	};
	struct input in = { data, size };
	unsigned which = input_byte(&in), flags = input_byte(&in);
	struct document d = { .number = input_number(&in) };
	char *first = input_until(&in, '\n'), *second = input_rest(&in);

	d.texts[0] = first;
	d.texts[1] = second;
	d.state = flags % 4;
	d.alert = flags & 4;
	if (which == 'j')
		check_json(&d);
	else if (which == 't')
		check_people(&writer_table, &d);
	else if (which == 'b')
		check_people(&writer_block, &d);
	else if (which == 'm')
		check_metrics(&d);
	else
		check_cells(&forms[which % ARRAY_SIZE(forms)], &d);
	buf_free(&written);
	free(first);
	free(second);
	return 0;
}
