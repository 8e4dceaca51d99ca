/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_WAITS_FIELDS_H
#define CMD_WAITS_FIELDS_H

#include "cmd/waits-view.h"
#include "lib/buf.h"
#include "report/layout.h"

/* A row, and a text that a value points to; buf_free() releases that. */
struct wait_row {
	struct waits_view *v;
	const struct world *w;
	const struct thread *t;
	size_t finding; /* the number among those that are shown, or NONE */
	struct buf pids;
};

/* The fields of waits. */
extern const struct field_set fields_of_waits;

/* The default fields of a format for programs; NULL for all. */
const char *waits_default_fields(const struct writer *writer);

/* Stores the value of a field, which is valid as long as the row and v are, and until the
 * next call for this field. */
void waits_get_field(const struct field *f, struct wait_row *row, struct value *v);

#endif
