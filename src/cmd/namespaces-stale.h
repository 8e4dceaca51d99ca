/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_NAMESPACES_STALE_H
#define CMD_NAMESPACES_STALE_H

#include "report/field-namespaces.h"

/*
 * Counts the stale objects of each row whose objects were counted.  The rule is that of
 * each namespace: the processes in it decide.  The second look, which confirms, comes
 * after the first look at all namespaces, so the run waits once.  Says for how many
 * objects the answer is unknown; the number of their namespace is then unknown.
 */
void namespaces_count_stale(struct namespaces *all, struct namespace_row *const *rows,
	size_t count, bool alone);

#endif
