/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_WAITED_H
#define WAITS_WAITED_H

#include "waits/world.h"

/* Determines for how long threads have waited: the time since each last ran, on the
 * clock of its CPU, from /proc/PID/task/TID/sched.  To read that clock, the calling
 * thread moves to one CPU after the other, within the mask that it has, which is
 * restored.  The duration is not known for other CPUs, for those that are isolated, and
 * without CONFIG_SCHED_DEBUG. / */
void waited_find(struct world *w, const bool *wanted);

#endif
