/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include "output/writer.h"
#include "report/field.h"

/* The fields that a command can print. */
struct field_set {
	const struct field *(*at)(
		size_t i); /* in the order of a full listing; NULL after the last one */
	const char *names; /* default fields for people */
	bool is_typeless; /* they are not fields of types of objects */
};

/* The fields of objects; the default fields are for more than one kind. */
extern const struct field_set fields_of_objects;

/* A choice of fields of a set, in the order of output. */
struct field_choice {
	const struct field_set *set; /* set by the caller, as is the next member */
	unsigned without; /* flags of fields that this output does not have */
	const struct field *key; /* a field that there is besides those of the set, or
	                          * NULL */

	const struct field **list;
	size_t count;
};

/* Field i of a choice: the key first, if there is one, then the fields of the set; NULL
 * after the last. */
const struct field *field_at(const struct field_choice *c, size_t i);

/* Finds the field with this name, which has len bytes, in either case, and
 * without the flags in without.  NULL if there is none. */
const struct field *field_find(
	const struct field_choice *c, const char *name, size_t len, unsigned without);

/* Adds a field, even if it was added before. */
void field_append(struct field_choice *c, const struct field *field);

/* Adds a field.  If it was added before, it keeps its place. */
void field_choose(struct field_choice *c, const struct field *field);

/* Adds all fields that have one of these facts and none of these flags. */
void field_choose_all(struct field_choice *c, facts_t facts, unsigned without);

/* How rows are printed: the fields, their order, the format, and the stream. */
struct layout {
	struct field_choice fields;
	size_t defaults; /* the number of leading fields that are default fields */
	struct field_choice keys; /* to sort by */
	bool *descending; /* for each key */
	const struct writer *writer;
	struct style style;
	bool headings;
	bool total; /* a last row adds up the others */
	FILE *to; /* standard output if NULL */

	/* Set by layout_complete(): */
	const struct column **columns; /* one for each field */
	unsigned char *gives_way;
};

/* The default table of a set, for a stream.  layout_free() releases it. */
struct layout layout_table(const struct field_set *set, FILE *to);

/* Completes a layout whose first part is set. */
void layout_complete(struct layout *l);

/* The facts of objects that the fields and the sort keys need. */
facts_t layout_needs(const struct layout *l);

/* The facts that the fields are made from: a field without them is unread. */
facts_t layout_made_from(const struct layout *l);

/* Whether a field, a sort key or the field to group by has a flag. */
bool layout_has(const struct layout *l, enum field_flags flag);

/* Starts printing rows; the title names the rows.  The layout must stay valid. */
void layout_begin(const struct layout *l, const char *title, struct out *out);

/* Starts printing rows of other columns in the same way.  The caller sets the columns,
 * and then calls out_begin(). */
void layout_begin_columns(const struct layout *l, const char *title, struct out *out);

void layout_free(struct layout *l);

#endif
