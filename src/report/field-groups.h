/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_FIELD_GROUPS_H
#define REPORT_FIELD_GROUPS_H

#include "report/layout.h"

/* What is added up over the objects of a group. */
enum sum {
	SUM_COUNT,
	SUM_BYTES,
	SUM_ATTACHMENTS,
	SUM_MESSAGES,
	SUM_UNATTACHED,
	SUM_RSS,
	SUM_SWAP,
	SUM_STALE,
	SUM_UNKNOWN,
	SUMS,
};

/* Objects that have the same value of a field. */
struct object_group {
	char *text; /* the value as text, or NULL if the objects have none; owned */
	struct value key; /* what it points to is text */
	uint64_t sums[SUMS];
	bool unread[SUMS]; /* the sum lacks what could not be read */
};

/* The fields of a group, besides the one that objects are grouped by, which is the key of
 * a struct field_choice. */
extern const struct field_set fields_of_groups;

/* Adds an object to the sums of a group. */
void group_add(struct object_group *g, const struct object *o);

/* Whether a field of a group is one of its sums, which could not be read. */
bool group_is_unread(const struct field *f, const struct object_group *g);

/* Stores the value of a field of a group: of a sum, or else of the key.  It is valid as
 * long as the group is. */
void group_get(const struct field *f, const struct object_group *g, struct value *v);

#endif
