/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_ASK_H
#define CMD_REMOVAL_ASK_H

#include "cmd/victim.h"

/*
 * Shows on standard error the objects that conditions selected, and which of them are
 * refused and why, and asks whether to remove the others.  Returns whether the answer is
 * yes.  Marks the refusals as told.
 */
bool removal_ask(struct victim *victims, size_t count);

#endif
