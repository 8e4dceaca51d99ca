/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/total.h"

#include <stdlib.h>

#include "lib/xalloc.h"

void
total_start(struct total *t, const struct layout *layout)
{
	*t = (struct total){ .layout = layout };
	if (!layout->total)
		return;
	t->sums = xcalloc(layout->fields.count, sizeof *t->sums);
	t->unread = xcalloc(layout->fields.count, sizeof *t->unread);
}

static bool
is_summed(const struct total *t, size_t i)
{
	return t->layout->fields.list[i]->flags & FIELD_SUMS;
}

void
total_add(struct total *t, const struct value *values)
{
	for (size_t i = 0; t->sums != NULL && i < t->layout->fields.count; i++) {
		if (!is_summed(t, i))
			continue;
		if (values[i].state == VALUE_SET)
			t->sums[i] += values[i].number;
		t->unread[i] |= values[i].state == VALUE_UNREAD;
	}
}

void
total_print(const struct total *t, struct out *out)
{
	size_t count = t->layout->fields.count;
	struct value *values;

	if (t->sums == NULL)
		return;
	values = xcalloc(count, sizeof *values);
	for (size_t i = 0; i < count; i++) {
		values[i].state = VALUE_ABSENT;
		if (is_summed(t, i))
			values[i] = (struct value){
				.type = t->layout->fields.list[i]->column.type,
				.state = t->unread[i] ? VALUE_UNREAD : VALUE_SET,
				.number = t->sums[i],
			};
		else if (i == 0)
			values[i] = (struct value){ .type = VALUE_TEXT, .text = "total" };
	}
	out_row(out, values);
	free(values);
}

void
total_end(struct total *t)
{
	free(t->sums);
	free(t->unread);
}
