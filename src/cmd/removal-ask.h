/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_ASK_H
#define CMD_REMOVAL_ASK_H

#include "cmd/victim.h"

/* Whether there is a terminal to ask on. */
bool ask_can(void);

/*
 * Shows on standard error what conditions chose, what of it is refused and why, and asks
 * whether the rest is to be removed.  Whether the answer is yes.  Marks the refusals as
 * told.
 */
bool ask(struct victim *victims, size_t count);

#endif
