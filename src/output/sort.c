/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/sort.h"

#include <stdlib.h>

#include "lib/xalloc.h"

struct key {
	uint64_t number; /* or the offset of a text in texts */
	bool known;
};

struct sort {
	const bool *descending;
	size_t keys_count; /* keys of one row */
	struct key *keys; /* of all rows */
	bool *is_text; /* for each key of a row */
	size_t rows;
	size_t room; /* capacity of keys, in rows */
	struct buf texts; /* each followed by a NUL */
	size_t *order;
};

struct sort *
sort_new(const bool *descending, size_t keys_count)
{
	struct sort *s = xcalloc(1, sizeof *s);

	s->descending = descending;
	s->keys_count = keys_count;
	s->is_text = xcalloc(keys_count, sizeof *s->is_text);
	return s;
}

static bool
is_text(enum value_type type)
{
	return !value_is_plain(type) || value_is_list(type);
}

/* Stores the text of a value, unless the previous row has the same, as is common for
 * owners. */
static uint64_t
keep_text(struct sort *s, const struct value *v, size_t k, const struct style *style)
{
	size_t start = s->texts.len;

	value_text(v, style, &s->texts);
	buf_char(&s->texts, '\0');
	if (s->rows > 0) {
		const struct key *last = &s->keys[(s->rows - 1) * s->keys_count + k];

		if (last->known &&
			strcmp(s->texts.data + last->number, s->texts.data + start) ==
				0) {
			s->texts.len = start;
			return last->number;
		}
	}
	return start;
}

void
sort_add(struct sort *s, const struct value *keys, const struct style *style)
{
	if (s->rows == s->room) {
		s->room = s->room == 0 ? 256 : s->room + s->room / 2;
		s->keys =
			xreallocarray(s->keys, s->room, s->keys_count * sizeof *s->keys);
	}
	for (size_t k = 0; k < s->keys_count; k++) {
		struct key *key = &s->keys[s->rows * s->keys_count + k];

		key->known = keys[k].state == VALUE_SET;
		if (!key->known)
			continue;
		s->is_text[k] = is_text(keys[k].type);
		key->number = s->is_text[k] ? keep_text(s, &keys[k], k, style)
					    : keys[k].number;
	}
	s->rows++;
}

static int
compare_keys(const struct sort *s, size_t k, const struct key *a, const struct key *b)
{
	int order;

	if (!a->known || !b->known)
		return b->known - a->known;
	if (a->number == b->number)
		return 0;
	if (s->is_text[k])
		order = strverscmp(s->texts.data + a->number, s->texts.data + b->number);
	else
		order = a->number < b->number ? -1 : 1;
	return s->descending[k] ? -order : order;
}

static int
compare_rows(const void *left, const void *right, void *sort)
{
	const struct sort *s = sort;
	size_t a = *(const size_t *)left;
	size_t b = *(const size_t *)right;

	for (size_t k = 0; k < s->keys_count; k++) {
		int order = compare_keys(s, k, &s->keys[a * s->keys_count + k],
			&s->keys[b * s->keys_count + k]);

		if (order != 0)
			return order;
	}
	return a < b ? -1 : a > b;
}

const size_t *
sort_order(struct sort *s)
{
	s->order = xreallocarray(NULL, s->rows + 1, sizeof *s->order);
	for (size_t i = 0; i < s->rows; i++)
		s->order[i] = i;
	qsort_r(s->order, s->rows, sizeof *s->order, compare_rows, s);
	return s->order;
}

void
sort_free(struct sort *s)
{
	if (s == NULL)
		return;
	free(s->keys);
	free(s->is_text);
	free(s->order);
	buf_free(&s->texts);
	free(s);
}
