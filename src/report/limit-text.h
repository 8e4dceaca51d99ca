/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_LIMIT_TEXT_H
#define REPORT_LIMIT_TEXT_H

#include "kind/limit.h"
#include "lib/buf.h"

/* What people read about a limit.  Each function appends to text. */

/* The sysctl that sets a limit, and the place of its number there: "kernel.shmmni",
 * "kernel.sem, 4th of 4".  The limit must have one. */
void limit_text_sysctl(const struct limit *l, struct buf *text);

#endif
