/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/listing.h"

#include <stdlib.h>

#include "kind/kept.h"
#include "lib/array.h"
#include "lib/xalloc.h"

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

static void
keep_object(struct listing *l, const struct object *o)
{
	const struct field_choice *keys = &l->layout->keys;

	l->kept = xgrow(l->kept, l->count, sizeof *l->kept);
	l->kept[l->count] = kept_make(o);
	l->context = o->context;
	for (size_t i = 0; i < keys->count; i++)
		field_get(keys->list[i], o, &l->keys[i]);
	sort_add(l->sort, l->keys, &l->out.style);
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
		struct object o;

		kept_object(l->kept[order[i]], &o);
		o.context = l->context;
		print_now(l, &o);
		free(l->kept[order[i]]);
	}
	total_print(&l->total, &l->out);
	total_end(&l->total);
	if (l->more != NULL)
		l->more(l->more_arg, &l->out);
	out_end(&l->out);
	sort_free(l->sort);
	free(l->kept);
	free(l->values);
	free(l->keys);
	free(l->had);
}
