/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PRINTER_H
#define PRINTER_H

#include "field.h"
#include "opt-output.h"
#include "writer.h"

/* Prints objects: their fields, by a writer. */
struct printer {
	const struct field *const *shown;
	size_t shown_count;
	const struct column **columns;
	struct value *values;
	const struct kind *kind; /* that the values are laid out for */
	struct out out;
};

/* Starts printing these fields, which must outlive it, as the options say. */
void printer_start(struct printer *p, const struct opt_output *opt,
	const struct field *const *shown, size_t shown_count);

/* All that must be known of an object to print it. */
facts_t printer_needs(const struct printer *p);

void printer_print(struct printer *p, const struct object *o);

/* Prints what is still kept and releases everything. */
void printer_end(struct printer *p);

#endif
