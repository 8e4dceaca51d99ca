/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_LIMIT_TEXT_H
#define REPORT_LIMIT_TEXT_H

#include "kind/kind.h"
#include "kind/limit.h"
#include "lib/buf.h"

/* What people read about a limit.  Each function appends to text. */

/* The sysctl that sets a limit, and the place of its number there: "kernel.shmmni",
 * "kernel.sem, 4th of 4".  The limit must have one. */
void limit_text_sysctl(const struct limit *l, struct buf *text);

/*
 * How to make room under a counted limit of a kind for so many units more: the command
 * that sets the limit to twice what it is, or to more if that is not enough, and true; or
 * false and a sentence if the kernel allows no more.
 */
bool limit_text_raise(const struct kind *kind, const struct limit *l, uint64_t wanted,
	struct buf *text);

#endif
