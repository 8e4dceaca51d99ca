/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "kind/kind.h"
#include "lib/buf.h"

/*
 * Says in words what an errno means where the kernel's own word is not enough to know
 * what to do: which limit is full and how full, which bound a size broke, what a right
 * depends on.  Each appends to text.
 */

/* Of kind->create(). */
void explain_create(const struct kind *kind, const struct creation *what, int error,
	struct buf *text);

/* Of kind->apply() to what wanted has; old is the object as it was. */
void explain_apply(const struct object *old, const struct object *wanted, bool may_change,
	int error, struct buf *text);

/* Whether the qbytes that wanted has will be refused: beyond the limit of new queues
 * they need CAP_SYS_RESOURCE, as then every change of the queue does. */
bool explain_exceeds(const struct object *wanted);

/* Whether an errno of these means that the object has been removed; says so then. */
bool explain_gone(const struct object *o, int error, struct buf *text);

/* Of kind->lock(). */
void explain_lock(const struct object *o, bool may_lock, int error, struct buf *text);

/* Of an operation on o that needs to read (04) or write (02) it, or both. */
void explain_use(const struct object *o, unsigned wanted, int error, struct buf *text);

/* Of attaching the segment o for it. */
void explain_attach(const struct object *o, unsigned wanted, int error, struct buf *text);

/* Whether a message of so many bytes, or more, is too large for a queue whatever is in
 * it. */
bool explain_message(const struct object *o, uint64_t size, bool more, struct buf *text);

/* The same by what the queue may hold now, which may have been changed. */
bool explain_message_now(const struct object *o, uint64_t size, struct buf *text);

#endif
