/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_STAT_H
#define WAITS_STAT_H

#include "waits/world.h"

/* Lines of proc_pid_stat(5). */

/* Stores the state of a thread, what halts it, and its CPU. */
void stat_of_thread(struct thread *t, const char *text);

/* Stores the facts of a process.  Returns the state of its main thread, or NUL if the
 * line has another form. */
char stat_of_process(struct process *p, const char *text);

/* The number of threads of the process. */
int64_t stat_tasks(const char *text);

#endif
