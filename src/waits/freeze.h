/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_FREEZE_H
#define WAITS_FREEZE_H

#include "waits/world.h"

/*
 * Finds which processes the cgroup freezer has frozen (cgroups(7)), sets their frozen and
 * thaw, and halts their threads: a frozen thread looks asleep.  If the files of a cgroup
 * cannot be found, it is taken for not frozen.
 */
void freeze_find(struct world *w);

#endif
