/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_PROMETHEUS_H
#define CMD_PROMETHEUS_H

#include "cmd/cmd.h"
#include "report/usage.h"

/*
 * Metrics for Prometheus: limits, what is used of them, and what there is of the objects:
 * how many and how large by type, owner and whether they are stale, totals by owner, and
 * the fullest queue.  Each object is read once.  alone: no process outside our PID
 * namespace uses them.
 */
struct exposition *exposition_start(bool alone);

/* Adds the IPC namespace that ipctool is in, with its limits and the objects of these
 * kinds.  If output names it, the label ipc_ns has its INODE.ID.  Says what could not be
 * read. */
enum status exposition_add(struct exposition *e, kinds_t kinds_wanted,
	const struct usage *usages, size_t usages_count);

/* Prints each metric with all its samples, and releases the exposition. */
void exposition_end(struct exposition *e);

#endif
