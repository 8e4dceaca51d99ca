/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/tally.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

struct tally {
	size_t width; /* number of counters for each id */
	uint32_t *ids; /* in order of appearance */
	uint64_t *counters;
	size_t count;
	size_t *slots; /* a hash table of indexes into ids, plus 1; 0 is free */
	size_t slots_count; /* a power of two, at least twice the count */
	struct tally_row *rows;
};

struct tally *
tally_new(size_t counters)
{
	struct tally *t = xcalloc(1, sizeof *t);

	t->width = counters;
	return t;
}

/* The slot of an id, or the free slot for it. */
static size_t *
find_tally_slot(struct tally *t, uint32_t id)
{
	size_t at = (uint32_t)(id * UINT32_C(2654435761));

	for (;; at++) {
		size_t *slot = &t->slots[at & (t->slots_count - 1)];

		if (*slot == 0 || t->ids[*slot - 1] == id)
			return slot;
	}
}

static void
grow_tally(struct tally *t)
{
	t->slots_count = t->slots_count == 0 ? 64 : t->slots_count * 2;
	free(t->slots);
	t->slots = xcalloc(t->slots_count, sizeof *t->slots);
	for (size_t i = 0; i < t->count; i++)
		*find_tally_slot(t, t->ids[i]) = i + 1;
	t->ids = xreallocarray(t->ids, t->slots_count / 2, sizeof *t->ids);
	t->counters = xreallocarray(
		t->counters, t->slots_count / 2, t->width * sizeof *t->counters);
}

uint64_t *
tally_of(struct tally *t, uint32_t id)
{
	size_t *slot;

	if (t->count == t->slots_count / 2)
		grow_tally(t);
	slot = find_tally_slot(t, id);
	if (*slot == 0) {
		t->ids[t->count] = id;
		memset(&t->counters[t->count * t->width], 0,
			t->width * sizeof *t->counters);
		*slot = ++t->count;
	}
	return &t->counters[(*slot - 1) * t->width];
}

static int
compare(const void *left, const void *right, void *counter)
{
	const struct tally_row *a = left;
	const struct tally_row *b = right;
	size_t k = *(const size_t *)counter;

	if (a->counters[k] != b->counters[k])
		return a->counters[k] > b->counters[k] ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

const struct tally_row *
tally_rows(struct tally *t, size_t counter, size_t *count)
{
	t->rows = xreallocarray(t->rows, t->count + 1, sizeof *t->rows);
	for (size_t i = 0; i < t->count; i++)
		t->rows[i] = (struct tally_row){ t->ids[i], &t->counters[i * t->width] };
	qsort_r(t->rows, t->count, sizeof *t->rows, compare, &counter);
	*count = t->count;
	return t->rows;
}

void
tally_free(struct tally *t)
{
	free(t->ids);
	free(t->counters);
	free(t->slots);
	free(t->rows);
	free(t);
}
