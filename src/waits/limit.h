/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_LIMIT_H
#define WAITS_LIMIT_H

#include <time.h>

#include "waits/world.h"

/* The time limit of a call, a struct timespec in the memory of its thread; without an
 * address it has none.  Sets is_limited and, if it can be told, timeout. */

/* From the start of the call on. */
void limit_after(struct thread *t, uint64_t address);

/* A time of a clock: timeout is what is left of it. */
void limit_at(const struct world *w, struct thread *t, clockid_t clock, uint64_t address);

#endif
