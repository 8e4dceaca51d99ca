/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_WAITS_METRICS_H
#define CMD_WAITS_METRICS_H

#include "cmd/waits-view.h"

/*
 * Prints what is shown as metrics for Prometheus: how many findings there are by verdict,
 * how many of them are certain, and how many threads wait.  A sample never names a
 * process, so the number of samples is always the same.
 */
void waits_print_metrics(struct waits_view *v);

#endif
