/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_FIELD_NAMESPACES_H
#define REPORT_FIELD_NAMESPACES_H

#include "namespace/container.h"
#include "namespace/count.h"
#include "namespace/find.h"
#include "report/layout.h"

/* What a field of a namespace is made of, apart from what was found with it. */
enum {
	NS_NEEDS_CONTAINER = 1, /* the cgroup of its oldest process */
	NS_NEEDS_OWNER = 2,
	NS_NEEDS_COUNTS = 4, /* its objects */
	NS_NEEDS_QUEUES = 16, /* with the POSIX queues among these, which takes a mount
			       * that the kernel needs milliseconds to end */
	NS_NEEDS_STALE = 8, /* which of these are stale */
};

/* A row of the output of the namespaces command. */
struct namespace_row {
	const struct namespace *ns;
	const struct style *style;
	struct container container;
	bool has_container; /* it is known; MANAGER_NONE if there is none */
	bool has_owner; /* the same for the owner */
	uid_t owner;
	struct ns_counts counts;
	struct ns_number stale; /* objects */
	struct buf name, container_text; /* texts that values of these fields point to */
};

void namespace_row_free(struct namespace_row *row);

/* The fields; the get of struct field is not used. */
extern const struct field_set fields_of_namespaces;

/* What the fields and sort keys of a layout need: NS_NEEDS_... */
unsigned layout_needs_of_namespaces(const struct layout *l);

/* Stores the value of a field of fields_of_namespaces.  It is valid as long as the row
 * and v are, and until the next call for this field. */
void field_get_namespace(
	const struct field *f, struct namespace_row *row, struct value *v);

#endif
