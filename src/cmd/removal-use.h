/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_USE_H
#define CMD_REMOVAL_USE_H

#include "cmd/removal-judge.h"

/* Whether the user is told what is in use although it will be removed. */
bool removal_tells_use(const struct removal_options *opt);

/* Finds out whether the object of a victim, which is open, is in use, by the current scan
 * of the processes.  The judge keeps the reason; removal_free_answers() releases it. */
void removal_find_use(struct judge *j, struct victim *v);

/* Adds to the reason for which an unattached segment was selected the processes that may
 * know it, and will lose it, if the user is to be told. */
void removal_name_knowers(const struct judge *j, struct victim *v);

void removal_free_answers(struct judge *j);

#endif
