/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/resources.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/common.h"
#include "lib/near.h"
#include "lib/num.h"
#include "lib/xalloc.h"

/* The limits of a kind, by its place, until a name of NULL. */
static const struct limit *
limit_at(size_t kind, size_t place)
{
	const struct limit *limits = kinds[kind]->limits;

	return limits == NULL || limits[place].name == NULL ? NULL : &limits[place];
}

static void
make_room(struct opt_resources *r)
{
	if (r->of == NULL)
		r->of = xcalloc(kinds_count, sizeof *r->of);
}

/* The resource of this name, or NULL; stores where it is. */
static const struct limit *
find_resource(const char *name, size_t len, size_t *kind, size_t *place)
{
	const struct limit *l;

	for (size_t k = 0; k < kinds_count; k++)
		for (size_t i = 0; (l = limit_at(k, i)) != NULL; i++)
			if (strlen(l->name) == len &&
				strncasecmp(l->name, name, len) == 0) {
				*kind = k;
				*place = i;
				return l;
			}
	return NULL;
}

/* Whether a part of it can be used. */
static bool
can_warn(const struct limit *l)
{
	return l->counted && !l->is_part;
}

/* Adds the names of resources to a list of near names, and to a text of all. */
static void
add_names(struct near *near, bool counted, struct buf *all)
{
	const struct limit *l;

	for (size_t k = 0; k < kinds_count; k++)
		for (size_t i = 0; (l = limit_at(k, i)) != NULL; i++) {
			if (counted && !can_warn(l))
				continue;
			near_try(near, l->name, l->name);
			buf_printf(all, "%s%s", all->len > 0 ? ", " : "", l->name);
		}
}

static _Noreturn void
refuse_operand(const char *text, const struct argp_state *state)
{
	struct near near = { .word = text };
	struct buf all = { 0 };

	kind_try_near(&near);
	buf_str(&all, kind_names());
	add_names(&near, false, &all);
	opt_unknown("type or resource", &near, buf_text(&all), state);
}

/* Adds those of some types that have limits. */
static void
add_limited(struct opt_resources *r, kinds_t types, const char *text,
	const struct argp_state *state)
{
	struct buf limited = { 0 };

	for (size_t k = 0; k < kinds_count; k++)
		if (kinds[k]->limits == NULL)
			types &= ~KIND_BIT(k);
		else
			buf_printf(&limited, "%s%s", limited.len == 0 ? "" : ", ",
				kinds[k]->name);
	if (types == 0)
		opt_error(state,
			"'%s': ipctool shows no limits of these objects; expected one "
			"of: %s",
			text, buf_text(&limited));
	buf_free(&limited);
	r->types |= types;
	r->kinds |= types;
}

void
opt_resources_add(
	struct opt_resources *r, const char *text, const struct argp_state *state)
{
	kinds_t types = kinds_named(text);
	size_t kind, place;

	make_room(r);
	if (types != 0) {
		add_limited(r, types, text, state);
		return;
	}
	if (find_resource(text, strlen(text), &kind, &place) == NULL)
		refuse_operand(text, state);
	r->of[kind][place].wanted = true;
	r->kinds |= KIND_BIT(kind);
}

static void
set_percent(struct opt_resource *resource, uint64_t percent)
{
	resource->warns = true;
	resource->percent = percent;
}

/* What stands before the = of a --warn. */
static void
warn_of_one(struct opt_resources *r, const char *arg, size_t len, uint64_t percent,
	const struct argp_state *state)
{
	size_t kind, place;
	const struct limit *l = find_resource(arg, len, &kind, &place);
	struct near near = { 0 };
	struct buf all = { 0 };

	if (l != NULL && can_warn(l)) {
		set_percent(&r->of[kind][place], percent);
		return;
	}
	near.word = xasprintf("%.*s", (int)len, arg);
	add_names(&near, true, &all);
	if (l == NULL)
		opt_unknown("resource", &near, buf_text(&all), state);
	opt_error(state, "--warn: invalid resource '%s': %s; expected one of: %s",
		l->name,
		l->is_part ? "it has no limit of its own" : "its use is not counted",
		buf_text(&all));
}

void
opt_resources_warn(
	struct opt_resources *r, const char *arg, const struct argp_state *state)
{
	const char *equals = strchr(arg, '=');
	const char *p = equals == NULL ? arg : equals + 1;
	uint64_t percent;

	if (num_scan(&p, 10, 100, &percent) < 0 || (*p == '%' ? p[1] : *p) != '\0')
		opt_error(state,
			"--warn: invalid percentage '%s': expected a number from 0 to "
			"100, or RESOURCE=PERCENT",
			arg);
	make_room(r);
	if (equals != NULL)
		warn_of_one(r, arg, equals - arg, percent, state);
	for (size_t k = 0; equals == NULL && k < kinds_count; k++)
		for (size_t i = 0; i < LIMITS_MAX; i++)
			set_percent(&r->of[k][i], percent);
}

void
opt_resources_default(struct opt_resources *r)
{
	make_room(r);
	for (size_t k = 0; r->kinds == 0 && k < kinds_count; k++)
		if (kinds[k]->is_default)
			r->types |= KIND_BIT(k);
	r->kinds |= r->types;
	for (size_t k = 0; k < kinds_count; k++)
		for (size_t i = 0; r->types & KIND_BIT(k) && i < LIMITS_MAX; i++)
			r->of[k][i].wanted = true;
}

const struct opt_resource *
opt_resources_of(const struct opt_resources *r, const struct kind *kind, size_t place)
{
	return &r->of[kind_index(kind)][place];
}

void
opt_resources_free(struct opt_resources *r)
{
	free(r->of);
	r->of = NULL;
}
