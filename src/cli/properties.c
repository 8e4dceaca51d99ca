/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/properties.h"

/* The options that give them. */
static const char *const options_of[PROPERTY_COUNT] = {
	[PROPERTY_SIZE] = "--size",
	[PROPERTY_HUGE] = "--huge",
	[PROPERTY_NO_RESERVE] = "--no-reserve",
	[PROPERTY_NSEMS] = "--nsems",
	[PROPERTY_VALUE] = "--value",
	[PROPERTY_QBYTES] = "--qbytes",
	[PROPERTY_MAXMSG] = "--maxmsg",
	[PROPERTY_MSGSIZE] = "--msgsize",
	[PROPERTY_KEY] = "--key",
	[PROPERTY_FTOK] = "--ftok",
	[PROPERTY_PROJ] = "--proj",
	[PROPERTY_LOCK] = "--lock",
	[PROPERTY_UNLOCK] = "--unlock",
};

typedef properties_t taken_by(const struct kind *kind);

static properties_t
taken_by_create(const struct kind *kind)
{
	const struct kind_properties *p = kind->properties;

	return p == NULL ? 0 : p->required | p->created;
}

static properties_t
taken_by_set(const struct kind *kind)
{
	return kind->properties == NULL ? 0 : kind->properties->changed;
}

static properties_t
taken_by_any(const struct kind *kind)
{
	return taken_by_create(kind) | taken_by_set(kind);
}

/* Appends the kinds that have a property, those of the family of this one first:
 * " applies to psem and sem only". */
static void
put_kinds_with(enum property property, const struct kind *kind, struct buf *b)
{
	const char *names[2 * sizeof(kinds_t) * 8];
	size_t count = 0;

	for (int same = 1; same >= 0; same--)
		for (size_t i = 0; i < kinds_count; i++)
			if ((kinds[i]->family == kind->family) == same &&
				(taken_by_any(kinds[i]) & PROPERTY_BIT(property)))
				names[count++] = kinds[i]->name;
	buf_str(b, count == 0 ? " does not apply" : " applies to ");
	for (size_t i = 0; i < count; i++)
		buf_printf(b, "%s%s",
			i == 0                  ? ""
				: i + 1 < count ? ", "
						: " and ",
			names[i]);
	buf_str(b, count == 0 ? "" : " only");
}

/* Whether all of these properties are in taken().  If not, appends why the first of the
 * others does not apply; why may be NULL. */
static bool
properties_fit(
	const struct kind *kind, properties_t given, taken_by *taken, struct buf *why)
{
	properties_t other = given & ~taken(kind);
	enum property first;

	if (other == 0)
		return true;
	if (why == NULL)
		return false;
	first = (enum property)__builtin_ctz(other);
	buf_str(why, options_of[first]);
	if (kind->properties != NULL && kind->properties->refused[first] != NULL)
		buf_printf(why, " %s", kind->properties->refused[first]);
	else
		put_kinds_with(first, kind, why);
	return false;
}

bool
properties_fit_created(const struct kind *kind, properties_t given, struct buf *why)
{
	return properties_fit(kind, given, taken_by_create, why);
}

bool
properties_fit_changed(const struct kind *kind, properties_t given, struct buf *why)
{
	return properties_fit(kind, given, taken_by_set, why);
}

void
properties_put_options(properties_t properties, struct buf *b)
{
	const char *joint = "";

	for (; properties != 0; properties &= properties - 1) {
		buf_printf(b, "%s%s", joint, options_of[__builtin_ctz(properties)]);
		joint = ", ";
	}
}
