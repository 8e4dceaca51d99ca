/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_FIELD_LIMITS_H
#define REPORT_FIELD_LIMITS_H

#include "report/field.h"
#include "report/usage.h"

/* A row of the output of the limits command. */
struct limit_row {
	const struct usage *usage;
	const struct style *style;
	/* Texts that values of these fields may point to. */
	struct buf what, used, limit, sysctl, top, raise, memory;
};

void limit_row_free(struct limit_row *row);

/* A field of it; the get of its field is not used. */
struct limit_field {
	struct field field;
	void (*get)(struct limit_row *row, struct value *v);
};

extern const struct limit_field limit_fields[];
extern const size_t limit_fields_count;

/* Stores the value of a field of limit_fields.  It is valid as long as the row and v are,
 * and until the next call for this field. */
void field_get_limit(const struct field *f, struct limit_row *row, struct value *v);

#endif
