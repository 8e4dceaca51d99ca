/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_ACT_H
#define CMD_REMOVAL_ACT_H

#include "cmd/removal-judge.h"

/*
 * Removes the victims of a judge that are not refused, each after a last look, or reports
 * what would be done.  Then says why the others are refused.  Returns the status.
 */
enum status removal_act(struct judge *j);

#endif
