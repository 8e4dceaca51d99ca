/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_LIMIT_TEXT_H
#define REPORT_LIMIT_TEXT_H

#include "kind/ipcns.h"
#include "kind/kind.h"
#include "kind/limit.h"
#include "lib/buf.h"

/* Text about limits.  Each function appends to text. */

/* The sysctl that sets a limit, and the position of its number: "kernel.shmmni",
 * "kernel.sem, 4th of 4".  The limit must have a sysctl. */
void limit_text_sysctl(const struct limit *l, struct buf *text);

/*
 * How to make room for this number of units more under a counted limit: appends the
 * command that sets the limit to twice its value, or to more if that is not enough, and
 * returns true.  If the kernel allows no more, appends a sentence and returns false.  ns
 * is the IPC namespace of the limit, or NULL for ipctool's own.
 */
bool limit_text_raise(const struct kind *kind, const struct limit *l,
	const struct ipcns *ns, uint64_t wanted, struct buf *text);

#endif
