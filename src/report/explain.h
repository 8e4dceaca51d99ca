/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "kind/kind.h"
#include "lib/buf.h"

struct queue;

/* These functions append what an errno means, where strerror(3) does not tell what to do:
 * which limit is full, which bound a size exceeds, which permission is missing. */

/* After kind->create() failed. */
void explain_create(const struct kind *kind, const struct creation *what, int error,
	struct buf *text);

/* After kind->apply() of wanted failed; old is the object before. */
void explain_apply(const struct object *old, const struct object *wanted, bool may_change,
	int error, struct buf *text);

/* Whether the qbytes of wanted will be refused.  Above the limit of new queues they need
 * CAP_SYS_RESOURCE, and so does every other change of the queue. */
bool explain_exceeds(const struct object *wanted);

/* Whether an errno means that the object has been removed; if so, appends that. */
bool explain_gone(const struct object *o, int error, struct buf *text);

/* After kind->lock() failed. */
void explain_lock(const struct object *o, bool may_lock, int error, struct buf *text);

/* After an operation on o that needs to read (04) or write (02) it, or both. */
void explain_use(const struct object *o, unsigned wanted, int error, struct buf *text);

/* After attaching the segment o with these permissions failed. */
void explain_attach(const struct object *o, unsigned wanted, int error, struct buf *text);

/* Whether a message of this many bytes, or more, is too large even for the empty
 * queue. */
bool explain_message(const struct queue *q, uint64_t size, bool more, struct buf *text);

/* The same, with the current limit of the queue, which may have changed. */
bool explain_message_now(const struct queue *q, uint64_t size, struct buf *text);

#endif
