/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_PROMETHEUS_H
#define CMD_PROMETHEUS_H

#include "cmd/cmd.h"
#include "report/usage.h"

/*
 * Prints metrics for Prometheus: the limits, their usage, and the number and bytes of the
 * objects of these kinds, by type, owner and whether they are stale.  alone means that no
 * process outside our PID namespace uses the objects.
 */
enum status exposition_print(const struct usage *usages, size_t usages_count,
	kinds_t kinds_wanted, bool alone);

#endif
