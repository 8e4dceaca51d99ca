/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "listing.h"

#include <stdlib.h>

#include "xalloc.h"

struct held {
	struct object object;
	time_t now;
};

void
listing_begin(struct listing *l, const struct opt_output *opt)
{
	*l = (struct listing){ .opt = opt };
	l->values = xcalloc(opt->fields.count, sizeof *l->values);
	l->keys = xcalloc(opt->keys.count + 1, sizeof *l->keys);
	if (opt->keys.count > 0)
		l->sort = sort_new(opt->descending, opt->keys.count);
	opt_output_begin(opt, "objects", &l->out);
}

static void
get(const struct field_choice *chosen, const struct object *o, struct value *values)
{
	for (size_t i = 0; i < chosen->count; i++)
		field_get(chosen->list[i], o, &values[i]);
}

static void
keep(struct listing *l, const struct object *o, time_t now)
{
	if (l->count == l->room) {
		l->room = l->room == 0 ? 64 : l->room + l->room / 2;
		l->held = xreallocarray(l->held, l->room, sizeof *l->held);
	}
	l->held[l->count] = (struct held){ *o, now };
	get(&l->opt->keys, o, l->keys);
	sort_add(l->sort, l->keys, &l->out.style);
}

size_t
listing_add(struct listing *l, const struct object *o, time_t now)
{
	size_t unread = 0;

	get(&l->opt->fields, o, l->values);
	for (size_t i = 0; i < l->opt->fields.count; i++)
		unread += l->values[i].state == VALUE_UNREAD;
	if (l->sort != NULL) {
		keep(l, o, now);
	} else {
		out_set_now(&l->out, now);
		out_row(&l->out, l->values);
	}
	l->count++;
	return unread;
}

static void
print_sorted(struct listing *l)
{
	const size_t *order = sort_order(l->sort);

	for (size_t i = 0; i < l->count; i++) {
		const struct held *held = &l->held[order[i]];

		get(&l->opt->fields, &held->object, l->values);
		out_set_now(&l->out, held->now);
		out_row(&l->out, l->values);
	}
}

void
listing_end(struct listing *l)
{
	if (l->sort != NULL)
		print_sorted(l);
	out_end(&l->out);
	sort_free(l->sort);
	free(l->held);
	free(l->values);
	free(l->keys);
}
