/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_ASK_H
#define CMD_REMOVAL_ASK_H

#include "cmd/removal-judge.h"

/* Whether an object is part of the question: conditions selected it among those of a
 * type, and it is not refused. */
bool removal_is_asked(const struct victim *v);

/*
 * Shows these objects on standard error, of which at least one must exist, and which
 * others are refused and why, and asks whether to remove them.  Returns whether the
 * answer is yes.  Marks the refusals as told.
 */
bool removal_ask(struct judge *judges, size_t count);

#endif
