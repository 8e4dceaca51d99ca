/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "output/writer.h"
#include "report/field.h"

/* Fields that a command can print. */
struct field_set {
	const struct field *(*at)(
		size_t i); /* in the order of a full listing, then NULL */
	const char *names; /* of those that people see by default */
};

/* Those of objects; the names are for more than one kind. */
extern const struct field_set fields_of_objects;

/* Some fields of a set, in the order in which they are to be printed. */
struct field_choice {
	const struct field_set *set; /* set before use, as the next one */
	unsigned without; /* flags of fields that this output does not have */
	const struct field *key; /* a field that there is besides those of the set, or
	                          * NULL */

	const struct field **list;
	size_t count;
};

/* Field i of those that there are: the key first, if there is one, then those of the set;
 * NULL after the last. */
const struct field *field_at(const struct field_choice *c, size_t i);

/* The field that has this name of len bytes, in either case, and none of the
 * flags in without; NULL if there is none. */
const struct field *field_find(
	const struct field_choice *c, const char *name, size_t len, unsigned without);

/* Adds a field, also if it has been added before. */
void field_append(struct field_choice *c, const struct field *field);

/* Adds a field, unless it has been added before: it keeps its place then. */
void field_choose(struct field_choice *c, const struct field *field);

/* Adds all fields that have one of these facts and none of these flags. */
void field_choose_all(struct field_choice *c, facts_t facts, unsigned without);

/* How rows are printed: which fields, in which order, in which format, and where to. */
struct layout {
	struct field_choice fields;
	size_t defaults; /* the number of fields, from the first, that are the default */
	struct field_choice keys; /* to sort by */
	bool *descending; /* of each key */
	const struct writer *writer;
	struct style style;
	bool headings;
	bool total; /* a last row adds up the others */
	FILE *to; /* standard output if NULL */

	/* By layout_complete(): */
	const struct column **columns; /* of the fields */
	unsigned char *gives_way;
};

/* The default table of a set, on a stream.  layout_free() releases it. */
struct layout layout_table(const struct field_set *set, FILE *to);

/* Completes a layout whose first part is set. */
void layout_complete(struct layout *l);

/* What must be read of objects to know the fields and the keys. */
facts_t layout_needs(const struct layout *l);

/* The facts without which a field that is printed is unread. */
facts_t layout_made_from(const struct layout *l);

/* Begins printing rows; the title says what they are.  The layout must stay. */
void layout_begin(const struct layout *l, const char *title, struct out *out);

/* Begins printing rows of other columns in the same way: the caller sets these, and then
 * calls out_begin(). */
void layout_begin_columns(const struct layout *l, const char *title, struct out *out);

void layout_free(struct layout *l);

#endif
