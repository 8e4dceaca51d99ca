/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/fields.h"

#include <string.h>

#include "cli/common.h"
#include "lib/xalloc.h"

bool
opt_fields_has_order(const struct field *f)
{
	return f->column.type != VALUE_TABLE;
}

static _Noreturn void
refuse_unknown_field(const struct field_choice *c, const char *name, size_t len,
	bool to_sort, const struct argp_state *state)
{
	struct near near = { .word = xasprintf("%.*s", (int)len, name) };
	const struct field *f;
	struct buf names = { 0 };

	if (field_find(c, name, len, c->without) != NULL)
		opt_error(state, "cannot sort by '%s', which has no order", near.word);
	if (field_find(c, name, len, 0) != NULL)
		opt_error(state, "the field '%s' is not available in this output",
			near.word);
	for (size_t i = 0; (f = field_at(c, i)) != NULL; i++)
		if ((f == c->key || !(f->flags & c->without)) &&
			(!to_sort || opt_fields_has_order(f))) {
			buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ",
				f->column.name);
			near_try(&near, f->column.name, f->column.name);
		}
	opt_unknown(to_sort ? "sort key" : "field", &near, buf_text(&names), state);
}

void
opt_fields_add(struct field_choice *c, const char *names, const struct argp_state *state)
{
	for (;; names++) {
		size_t len = strcspn(names, ",");
		const struct field *field = field_find(c, names, len, c->without);

		if (field == NULL)
			refuse_unknown_field(c, names, len, false, state);
		field_choose(c, field);
		names += len;
		if (*names == '\0')
			break;
	}
}

void
opt_fields_sort(struct field_choice *keys, bool **descending, const char *names,
	const struct argp_state *state)
{
	for (;; names++) {
		bool down = *names == '-';
		size_t len = strcspn(names += down, ",");
		const struct field *field = field_find(keys, names, len, keys->without);

		if (field == NULL || !opt_fields_has_order(field))
			refuse_unknown_field(keys, names, len, true, state);
		field_append(keys, field);
		*descending =
			xreallocarray(*descending, keys->count, sizeof **descending);
		(*descending)[keys->count - 1] = down;
		names += len;
		if (*names == '\0')
			break;
	}
}
