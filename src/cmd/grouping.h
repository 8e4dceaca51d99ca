/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_GROUPING_H
#define CMD_GROUPING_H

#include "report/field-groups.h"

/* Objects added up by the value of a field, for a row each at the end. */
struct grouping {
	const struct layout *layout; /* of struct object_group */
	struct object_group **groups;
	size_t groups_count;
	void *tree; /* the same, for tsearch(3) */
	size_t count; /* of objects */
	size_t unread; /* values that could not be read */
};

/* Starts; the layout must stay. */
void grouping_start(struct grouping *g, const struct layout *layout);

void grouping_add(struct grouping *g, const struct object *o);

/* Prints the rows, and releases everything; count and unread stay. */
void grouping_end(struct grouping *g);

#endif
