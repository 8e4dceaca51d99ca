/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/grouping.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/total.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "output/sort.h"

/* Orders groups by their text; the objects without a value are the first. */
static int
by_text(const void *a, const void *b)
{
	const struct object_group *x = a;
	const struct object_group *y = b;

	if (x->text == NULL || y->text == NULL)
		return (x->text != NULL) - (y->text != NULL);
	return strcmp(x->text, y->text);
}

void
grouping_start(struct grouping *g, const struct layout *layout)
{
	*g = (struct grouping){ .layout = layout };
}

/* The group of objects with a value, which is made if there is none yet.  The value stays
 * the caller's. */
static struct object_group *
group_of(struct grouping *g, const struct value *key)
{
	/* Users and groups are told apart by their numbers. */
	static const struct style style = { .numeric = true, .exact = true };
	struct buf text = { 0 };
	struct object_group wanted = { 0 };
	struct object_group **found;

	if (key->state == VALUE_SET) {
		value_text(key, &style, &text);
		wanted.text = (char *)buf_text(&text);
	}
	found = tsearch(&wanted, &g->tree, by_text);
	if (found == NULL)
		xalloc_fail();
	if (*found == &wanted) {
		*found = xcalloc(1, sizeof **found);
		**found = (struct object_group){ .key = *key };
		if (wanted.text != NULL)
			(*found)->text = xstrdup(wanted.text);
		if (key->type == VALUE_TEXT)
			(*found)->key.text = (*found)->text;
		g->groups = xgrow(g->groups, g->groups_count, sizeof *g->groups);
		g->groups[g->groups_count++] = *found;
	}
	buf_free(&text);
	return *found;
}

void
grouping_add(struct grouping *g, const struct object *o)
{
	struct value key = { 0 };

	field_get(g->layout->fields.key, o, &key);
	group_add(group_of(g, &key), o);
	g->count++;
}

/* Makes the order in which the groups are printed. */
static struct sort *
sort_groups(const struct grouping *g)
{
	const struct field_choice *chosen = &g->layout->keys;
	struct sort *sort = sort_new(g->layout->descending, chosen->count);
	struct value *keys = xcalloc(chosen->count, sizeof *keys);

	for (size_t i = 0; i < g->groups_count; i++) {
		for (size_t k = 0; k < chosen->count; k++)
			group_get(chosen->list[k], g->groups[i], &keys[k]);
		sort_add(sort, keys, &g->layout->style);
	}
	free(keys);
	return sort;
}

static void
print_groups(struct grouping *g)
{
	const struct field_choice *chosen = &g->layout->fields;
	struct value *values = xcalloc(chosen->count, sizeof *values);
	struct sort *sort = sort_groups(g);
	const size_t *order = sort_order(sort);
	struct total total;
	struct out out;

	layout_begin(g->layout, "groups", &out);
	total_start(&total, g->layout);
	for (size_t i = 0; i < g->groups_count; i++) {
		const struct object_group *group = g->groups[order[i]];

		for (size_t k = 0; k < chosen->count; k++) {
			group_get(chosen->list[k], group, &values[k]);
			g->unread += values[k].state == VALUE_UNREAD;
			/* An empty cell would look like an empty name. */
			if (chosen->list[k] == chosen->key &&
				values[k].state != VALUE_SET && g->layout->style.people)
				values[k] =
					(struct value){ .type = VALUE_TEXT, .text = "-" };
		}
		out_row(&out, values);
		total_add(&total, values);
	}
	total_print(&total, &out);
	total_end(&total);
	out_end(&out);
	sort_free(sort);
	free(values);
}

static void
free_group(void *group)
{
	free(((struct object_group *)group)->text);
	free(group);
}

void
grouping_end(struct grouping *g)
{
	print_groups(g);
	tdestroy(g->tree, free_group);
	free(g->groups);
}
