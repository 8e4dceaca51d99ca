/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_FIELD_H
#define REPORT_FIELD_H

#include "kind/kind.h"
#include "output/value.h"

enum field_flags {
	FIELD_PEOPLE = 1, /* stands only in what people read */
	FIELD_PROGRAMS = 2, /* stands only in what programs read */
	FIELD_STAT = 4, /* stands only in what stat shows */
	FIELD_COSTLY = 8, /* needs a look at processes: list prints it only when named */
	FIELD_FLAT = 16, /* stands only in formats that hold no tables in a table */
	FIELD_NESTED = 32, /* stands only in those that do */
	FIELD_NOTE =
		64, /* stands below the rows of a table when it is there by default */
	FIELD_KEY = 128, /* list --by can group objects by it */
	FIELD_SUMS = 256, /* --total adds up its values */
};

/*
 * A field of the listing: what -o can name.  A kind has it when it has one of the facts
 * in of, the others are looked at as well.
 */
struct field {
	struct column column;
	facts_t of;
	facts_t with;
	facts_t wish; /* looked at where it is known */
	enum fact fact; /* what field_number() takes it from */
	unsigned flags;
	void (*get)(const struct field *field, const struct object *o, struct value *v);
	const char *help;
};

/* All fields, in the order in which they are printed by default. */
extern const struct field fields[];
extern const size_t fields_count;

/* Whether objects of this kind have the field. */
static inline bool
field_of_kind(const struct field *f, const struct kind *kind)
{
	return (f->of & kind->facts) != 0;
}

/* What the field is made from. */
static inline facts_t
field_made_from(const struct field *f)
{
	return f->of | f->with;
}

/* What must be read to know the field. */
static inline facts_t
field_needs(const struct field *f)
{
	return field_made_from(f) | f->wish;
}

/* Whether an object should have the field, but what that is made from could not be
 * read. */
static inline bool
field_is_unread(const struct field *f, const struct object *o)
{
	return field_of_kind(f, o->kind) &&
		!object_has(o, field_made_from(f) & o->kind->facts);
}

/* Stores the value of a field; it is valid as long as the object and v are. */
void field_get(const struct field *f, const struct object *o, struct value *v);

#endif
