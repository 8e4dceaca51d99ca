/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/fields.h"

#include <strings.h>

#include "cli/common.h"
#include "lib/array.h"
#include "lib/xalloc.h"

static const struct field *
object_field(size_t i)
{
	return i < fields_count ? &fields[i] : NULL;
}

const struct field_set fields_of_objects = {
	.at = object_field,
	.names = "ref,key,owner,mode,size,use,active,state",
};

static const struct field *
find_field(const struct field_choice *c, const char *name, size_t len, unsigned without)
{
	const struct field *f;

	for (size_t i = 0; (f = c->set->at(i)) != NULL; i++)
		if (!(f->flags & without) && strlen(f->column.name) == len &&
			strncasecmp(f->column.name, name, len) == 0)
			return f;
	return NULL;
}

static bool
has_order(const struct field *f)
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

	if (find_field(c, name, len, c->without) != NULL)
		opt_error(state, "cannot sort by '%s', which has no order", near.word);
	if (find_field(c, name, len, 0) != NULL)
		opt_error(state, "the field '%s' is not available in this output",
			near.word);
	for (size_t i = 0; (f = c->set->at(i)) != NULL; i++)
		if (!(f->flags & c->without) && (!to_sort || has_order(f))) {
			buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ",
				f->column.name);
			near_try(&near, f->column.name, f->column.name);
		}
	opt_unknown(to_sort ? "sort key" : "field", &near, buf_text(&names), state);
}

static void
append(struct field_choice *c, const struct field *field)
{
	c->list = xreallocarray(c->list, c->count + 1, sizeof *c->list);
	c->list[c->count++] = field;
}

/* One that is chosen already stays where it stands: a JSON object cannot have it
 * twice. */
static void
choose_fields(struct field_choice *c, const struct field *field)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->list[i] == field)
			return;
	append(c, field);
}

void
opt_fields_add(struct field_choice *c, const char *names, const struct argp_state *state)
{
	for (;; names++) {
		size_t len = strcspn(names, ",");
		const struct field *field = find_field(c, names, len, c->without);

		if (field == NULL)
			refuse_unknown_field(c, names, len, false, state);
		choose_fields(c, field);
		names += len;
		if (*names == '\0')
			break;
	}
}

void
opt_fields_add_all(struct field_choice *c, facts_t facts, unsigned without)
{
	const struct field *f;

	for (size_t i = 0; (f = c->set->at(i)) != NULL; i++)
		if (!(f->flags & (c->without | without)) && (f->of & facts) != 0)
			choose_fields(c, f);
}

void
opt_fields_sort(struct field_choice *keys, bool **descending, const char *names,
	const struct argp_state *state)
{
	for (;; names++) {
		bool down = *names == '-';
		size_t len = strcspn(names += down, ",");
		const struct field *field = find_field(keys, names, len, keys->without);

		if (field == NULL || !has_order(field))
			refuse_unknown_field(keys, names, len, true, state);
		append(keys, field);
		*descending =
			xreallocarray(*descending, keys->count, sizeof **descending);
		(*descending)[keys->count - 1] = down;
		names += len;
		if (*names == '\0')
			break;
	}
}

unsigned char *
opt_fields_give_way(const struct field_choice *c, size_t count)
{
	/* What is not here tells too much to be missed. */
	static const char *const first_to_go[] = { "what", "sysctl", "lpid", "cpid",
		"otime", "qbytes", "mode", "key", "active", "qnum", "size", "nattch",
		"nsems", "use", "owner" };
	static const size_t places = ARRAY_SIZE(first_to_go);
	unsigned char *gives_way = xcalloc(c->count, sizeof *gives_way);

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < places; k++)
			if (strcmp(c->list[i]->column.name, first_to_go[k]) == 0)
				gives_way[i] = places - k;
	return gives_way;
}
