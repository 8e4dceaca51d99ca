/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/listing.h"

#include <stdlib.h>

#include "kind/label.h"
#include "lib/array.h"
#include "lib/xalloc.h"

/* A kept object.  It is smaller than a struct object, which has room for all facts, twice
 * as many as any object has; that matters for long lists. */
struct kept {
	const struct kind *kind;
	facts_t have, unknown;
	time_t read;
	const struct semaphore *semaphores;
	const struct use *uses;
	size_t uses_count;
	const struct context *context;
	struct label *label;
	char *verdict; /* NULL if it was not requested */
	size_t reason; /* its offset in the verdict */
	size_t facts; /* their offset, in the order of their bits */
};

void
listing_start(struct listing *l, const struct layout *layout)
{
	*l = (struct listing){
		.layout = layout,
		.firm = layout_made_from(layout),
		.values = xcalloc(layout->fields.count, sizeof *l->values),
		.had = xcalloc(layout->fields.count, sizeof *l->had),
		.keys = xcalloc(layout->keys.count + 1, sizeof *l->keys),
	};
	if (layout->keys.count > 0)
		l->sort = sort_new(layout->descending, layout->keys.count);
	total_start(&l->total, layout);
	layout_begin(layout, "objects", &l->out);
}

/* Prepares the values for the fields that a kind has; the others stay absent. */
static void
lay_out(struct listing *l, const struct kind *kind)
{
	const struct field_choice *chosen = &l->layout->fields;

	l->kind = kind;
	l->had_count = 0;
	for (size_t i = 0; i < chosen->count; i++) {
		l->values[i].state = VALUE_ABSENT;
		if (field_of_kind(chosen->list[i], kind))
			l->had[l->had_count++] = i;
	}
}

static void
print_now(struct listing *l, const struct object *o)
{
	const struct field *const *list = l->layout->fields.list;

	if (l->kind != o->kind)
		lay_out(l, o->kind);
	for (size_t i = 0; i < l->had_count; i++)
		field_get(list[l->had[i]], o, &l->values[l->had[i]]);
	out_set_now(&l->out, o->read);
	out_row(&l->out, l->values);
	total_add(&l->total, l->values);
}

/* Appends a fact in groups of 7 bits, the lowest first; all but the last have the high
 * bit set.  Most facts are small, and there are more than a dozen of each object. */
static void
write_fact(struct buf *b, uint64_t fact)
{
	for (; fact >= 0x80; fact >>= 7)
		buf_char(b, (char)(fact | 0x80));
	buf_char(b, (char)fact);
}

/* Reads it back, and returns the place after it. */
static const char *
read_fact(const char *at, uint64_t *fact)
{
	unsigned shift = 0;

	*fact = 0;
	do {
		*fact |= (uint64_t)(*at & 0x7f) << shift;
		shift += 7;
	} while (*at++ & 0x80);
	return at;
}

static void
keep_object(struct listing *l, const struct object *o)
{
	const struct field_choice *keys = &l->layout->keys;

	l->kept = xgrow(l->kept, l->count, sizeof *l->kept);
	l->kept[l->count] = (struct kept){ o->kind, o->have, o->unknown, o->read,
		o->semaphores, o->uses, o->uses_count, o->context, label_copy(o->label),
		NULL, 0, l->facts.len };
	if (object_has(o, FACT(REASON))) {
		l->kept[l->count].verdict = xstrdup(o->verdict);
		l->kept[l->count].reason = o->reason - o->verdict;
	}
	for (facts_t left = o->have; left != 0; left &= left - 1)
		write_fact(&l->facts, o->fact[__builtin_ctzll(left)]);
	for (size_t i = 0; i < keys->count; i++)
		field_get(keys->list[i], o, &l->keys[i]);
	sort_add(l->sort, l->keys, &l->out.style);
}

/* Restores an object from its kept form. */
static struct object
restore(const struct listing *l, const struct kept *k)
{
	const char *fact = l->facts.data + k->facts;
	struct object o = { .kind = k->kind,
		.have = k->have,
		.unknown = k->unknown,
		.read = k->read,
		.semaphores = k->semaphores,
		.uses = k->uses,
		.uses_count = k->uses_count,
		.context = k->context,
		.label = k->label,
		.verdict = k->verdict,
		.reason = k->verdict == NULL ? NULL : k->verdict + k->reason };

	for (facts_t left = k->have; left != 0; left &= left - 1)
		fact = read_fact(fact, &o.fact[__builtin_ctzll(left)]);
	return o;
}

/* Counts the values that could not be read; usually there are none. */
static void
count_unread(struct listing *l, const struct object *o)
{
	const struct field_choice *chosen = &l->layout->fields;

	if (object_has(o, l->firm & o->kind->facts))
		return;
	for (size_t i = 0; i < chosen->count; i++)
		l->unread += field_is_unread(chosen->list[i], o);
}

void
listing_add(struct listing *l, const struct object *o)
{
	count_unread(l, o);
	if (l->sort != NULL)
		keep_object(l, o);
	else
		print_now(l, o);
	l->count++;
}

void
listing_end(struct listing *l)
{
	const size_t *order = l->sort == NULL ? NULL : sort_order(l->sort);

	for (size_t i = 0; order != NULL && i < l->count; i++) {
		const struct object o = restore(l, &l->kept[order[i]]);

		print_now(l, &o);
	}
	for (size_t i = 0; l->sort != NULL && i < l->count; i++) {
		free(l->kept[i].verdict);
		free(l->kept[i].label);
	}
	total_print(&l->total, &l->out);
	total_end(&l->total);
	out_end(&l->out);
	sort_free(l->sort);
	free(l->kept);
	buf_free(&l->facts);
	free(l->values);
	free(l->keys);
	free(l->had);
}
