/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_PROMETHEUS_H
#define CMD_PROMETHEUS_H

#include "cmd/cmd.h"
#include "report/usage.h"

/*
 * Prints limits, what is used of them, and what there is of the objects of these kinds
 * (bits by their place in kinds[]) as metrics for Prometheus: how many and how large by
 * type, owner and whether they are stale, totals by owner, and the fullest queue.  Each
 * object is read once.  alone: no process outside our PID namespace uses them.
 */
enum status exposition_print(const struct usage *usages, size_t usages_count,
	kinds_t kinds_wanted, bool alone);

#endif
