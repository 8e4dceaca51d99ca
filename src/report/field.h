/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_FIELD_H
#define REPORT_FIELD_H

#include "kind/kind.h"
#include "output/value.h"

enum field_flags {
	FIELD_PEOPLE = 1, /* only in output for people */
	FIELD_PROGRAMS = 2, /* only in output for programs */
	FIELD_STAT = 4, /* only in the output of stat */
	FIELD_COSTLY = 8, /* needs a scan of the processes, or adds nothing to another
			   * field, so list prints it only on request */
	FIELD_FLAT = 16, /* only in formats without nested tables */
	FIELD_NESTED = 32, /* only in formats with nested tables */
	FIELD_NOTE = 64, /* below the rows of a table, if it is a default field */
	FIELD_KEY = 128, /* list --by can group objects by it */
	FIELD_SUMS = 256, /* --total adds up its values */
	FIELD_CONTAINER = 1024, /* tells the container of the IPC namespace */
	FIELD_NAMESPACE = 512, /* tells the IPC namespace; a default field only where the
				* output names namespaces */
};

/* A field of the listing, which -o can name.  A kind has the field if it has one of the
 * facts "of".  The facts "with" are also needed, if the kind has them. */
struct field {
	struct column column;
	facts_t of;
	facts_t with;
	facts_t wish; /* used if known */
	enum fact fact; /* the fact that the getter uses */
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

/* The facts that the field is made from. */
static inline facts_t
field_made_from(const struct field *f)
{
	return f->of | f->with;
}

/* The facts that must be read for the field. */
static inline facts_t
field_needs(const struct field *f)
{
	return field_made_from(f) | f->wish;
}

/* Whether an object has the field, but the facts for it could not be read. */
static inline bool
field_is_unread(const struct field *f, const struct object *o)
{
	return field_of_kind(f, o->kind) &&
		!object_has(o, field_made_from(f) & o->kind->facts);
}

/* Stores the value of a field; it is valid as long as the object and v are. */
void field_get(const struct field *f, const struct object *o, struct value *v);

#endif
