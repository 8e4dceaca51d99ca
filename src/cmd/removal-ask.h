/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_ASK_H
#define CMD_REMOVAL_ASK_H

#include "cmd/removal-judge.h"

/*
 * Asks, if that is necessary, whether to remove the objects that conditions selected
 * among those of a type; there is a judge for each namespace.  Shows them on standard
 * error, and which others are refused and why, which marks the refusals as told.  Stores
 * in *go_on whether to continue; if not, reports that they stay.  Returns the status.
 */
enum status removal_ask(const struct removal_options *opt, struct judge *judges,
	size_t count, bool *go_on);

#endif
