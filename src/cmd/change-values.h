/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_CHANGE_VALUES_H
#define CMD_CHANGE_VALUES_H

#include "cmd/change-work.h"

/* Stores which values the semaphores of a set get; of several for one semaphore, the
 * last.  change_free_values() releases them. */
void change_prepare_values(struct change_work *w);

/* Whether the value of an object that is one semaphore can be set, if its mode is that of
 * w->granted; true of other objects.  If not, stores the cause. */
bool change_may_set_value(struct change_work *w);

/*
 * Sets the values that are named, of a set or of an object that is one semaphore, and
 * notes them.  SETVAL clears the undo values of processes, semctl(2), so a value that is
 * there already is not set.  0, or -1 with the cause; some may have been set before that.
 */
int change_values(struct change_work *w);

void change_free_values(struct change_work *w);

#endif
