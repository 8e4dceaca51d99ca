/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output of waits for programs: one row for each thread that waits. */

#include "cmd/waits-rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/waits-fields.h"
#include "lib/xalloc.h"
#include "output/json.h"
#include "output/sort.h"

/* The number of a finding among those that are shown. */
static size_t
number_of(const struct waits_view *v, size_t finding)
{
	size_t number = 0;

	if (finding == NONE)
		return NONE;
	for (size_t i = 0; i < finding; i++)
		number += v->shows_finding[i];
	return number;
}

static struct wait_row
row_for(struct waits_view *v, size_t thread)
{
	return (struct wait_row){ .v = v,
		.w = &v->look.world,
		.t = &v->look.world.threads[thread],
		.finding = number_of(v, v->finding_of[thread]) };
}

/* The threads that are shown, in the order of the keys.  The caller owns the list. */
static size_t *
order_threads(struct waits_view *v, const struct layout *layout, size_t *count)
{
	struct style style = { .numeric = layout->style.numeric };
	struct value *keys = xcalloc(layout->keys.count + 1, sizeof *keys);
	struct sort *sort = sort_new(layout->descending, layout->keys.count);
	size_t *threads = xcalloc(v->look.world.threads_count + 1, sizeof *threads);
	const size_t *order;
	size_t *sorted;

	*count = 0;
	for (size_t i = 0; i < v->look.world.threads_count; i++) {
		struct wait_row row;

		if (!v->shows_thread[i] && v->finding_of[i] == NONE)
			continue;
		threads[(*count)++] = i;
		row = row_for(v, i);
		for (size_t k = 0; k < layout->keys.count; k++)
			waits_get_field(layout->keys.list[k], &row, &keys[k]);
		sort_add(sort, keys, &style);
		buf_free(&row.pids);
	}
	order = sort_order(sort);
	sorted = xcalloc(*count + 1, sizeof *sorted);
	for (size_t i = 0; i < *count; i++)
		sorted[i] = threads[order[i]];
	free(threads);
	sort_free(sort);
	free(keys);
	return sorted;
}

static void
print_all(struct waits_view *v, const struct layout *layout)
{
	struct value *values = xcalloc(layout->fields.count + 1, sizeof *values);
	struct out out;
	size_t count, *threads = order_threads(v, layout, &count);

	layout_begin(layout, "waits", &out);
	for (size_t i = 0; i < count; i++) {
		struct wait_row row = row_for(v, threads[i]);

		for (size_t k = 0; k < layout->fields.count; k++)
			waits_get_field(layout->fields.list[k], &row, &values[k]);
		out_row(&out, values);
		buf_free(&row.pids);
	}
	out_end(&out);
	free(threads);
	free(values);
}

/* --- The JSON document -------------------------------------------------------- */

static void
put_tids(const struct world *w, const size_t *list, size_t count)
{
	putchar('[');
	for (size_t i = 0; i < count; i++)
		printf("%s%d", i == 0 ? "" : ", ", (int)w->threads[list[i]].tid);
	putchar(']');
}

static void
put_doubt(void *arg, const char *text)
{
	size_t *count = arg;
	struct buf b = { 0 };

	json_characters(&b, text, strlen(text));
	printf("%s\"%s\"", (*count)++ == 0 ? "" : ", ", buf_text(&b));
	buf_free(&b);
}

static void
put_finding(const struct world *w, const struct finding *f)
{
	size_t doubts = 0;

	printf("{\"verdict\": \"%s\", \"certainty\": ", verdict_name(f->verdict));
	if (f->verdict == VERDICT_MUTUAL)
		printf("null");
	else
		printf("\"%s\"", f->certain ? "certain" : "likely");
	printf(", \"threads\": ");
	put_tids(w, f->threads, f->count);
	printf(", \"behind\": ");
	put_tids(w, f->behind, f->behind_count);
	printf(", \"doubts\": [");
	if (f->verdict != VERDICT_MUTUAL)
		finding_doubts(w, f, put_doubt, &doubts);
	printf("]}");
}

/* Prints the rows of JSON lines as elements of an array. */
static void
put_rows(struct waits_view *v, const struct layout *layout)
{
	struct layout lines = *layout;
	char *text = NULL, *rest, *line;
	size_t size, count = 0;

	lines.writer = &writer_jsonl;
	lines.to = open_memstream(&text, &size);
	if (lines.to == NULL)
		xalloc_fail();
	print_all(v, &lines);
	if (fclose(lines.to) != 0)
		xalloc_fail();
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;)
		if (*line != '\0')
			printf("%s%s", count++ == 0 ? "\n" : ",\n", line);
	printf(count == 0 ? "" : "\n");
	free(text);
}

static void
print_document(struct waits_view *v, const struct layout *layout)
{
	const struct findings *f = &v->look.findings;
	size_t count = 0;

	printf("{\"schema\": %d, \"findings\": [", JSON_SCHEMA);
	for (size_t i = 0; i < f->count; i++)
		if (v->shows_finding[i]) {
			printf(count++ == 0 ? "\n" : ",\n");
			put_finding(&v->look.world, &f->list[i]);
		}
	printf("%s],\n\"waits\": [", count == 0 ? "" : "\n");
	put_rows(v, layout);
	printf("],\n\"unread\": {\"processes\": %zu}}\n", v->look.world.unread);
}

void
waits_print_rows(struct waits_view *v, const struct layout *layout)
{
	if (layout->writer == &writer_json)
		print_document(v, layout);
	else
		print_all(v, layout);
}
