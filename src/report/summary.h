/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "process/stale.h"

/* The reasons why objects are not stale, counted by type and cause. */
struct summary {
	struct summary_row *rows;
	size_t count;
};

/* Adds an object that is not stale, with its verdict. */
void summary_add(struct summary *s, const struct object *o, const struct verdict *v);

/* Appends the counts: "12 sets were used less than 60 s ago (--grace), 3 sets of ...". */
void summary_text(const struct summary *s, struct buf *text);

void summary_free(struct summary *s);

#endif
