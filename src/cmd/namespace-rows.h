/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_NAMESPACE_ROWS_H
#define CMD_NAMESPACE_ROWS_H

#include "report/field-namespaces.h"

/* The rows of the command namespaces, and what could not be determined of them. */
struct namespace_rows {
	const struct namespaces *all;
	unsigned needs; /* NS_NEEDS_... */
	struct namespace_row *list; /* for each place in all */
	bool *is_counted; /* the same; the count was tried */
	size_t without_container, without_owner;
	int container_error, owner_error; /* errno for one of these */
};

/* Starts with empty rows for all namespaces, of which there must not be more later. */
void namespace_rows_start(
	struct namespace_rows *r, const struct namespaces *all, unsigned needs);

/* Counts the objects of the namespace at this place, which the calling thread is in, once
 * only.  Says what could not be counted. */
void namespace_rows_count(struct namespace_rows *r, size_t place);

/* Finds what else the needs ask for, but for NS_NEEDS_STALE. */
void namespace_rows_describe(struct namespace_rows *r, size_t place);

/* Compares two struct namespace_row *, for qsort(3): the initial namespace comes first,
 * then those with most bytes. */
int namespace_rows_compare(const void *a, const void *b);

/* Says of how many namespaces the container and the owner could not be determined; it
 * changes no status. */
void namespace_rows_tell(const struct namespace_rows *r);

void namespace_rows_free(struct namespace_rows *r);

#endif
