/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EXPOSITION_H
#define EXPOSITION_H

#include "cmd.h"
#include "usage.h"

/*
 * Prints limits, what is used of them, and the objects of these kinds (bits by their place in
 * kinds[]) and their bytes by type, owner and whether they are stale, as metrics for
 * Prometheus; alone: no process outside our PID namespace uses them.
 */
enum status exposition_print(const struct usage *usages, size_t usages_count,
	unsigned kinds_wanted, bool alone);

#endif
