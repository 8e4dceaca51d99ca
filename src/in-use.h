/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IN_USE_H
#define IN_USE_H

#include "buf.h"
#include "derive.h"
#include "object.h"

/*
 * Whether an object is in use, as rm asks before it removes it: a segment with attachments;
 * a set with waiters or a last pid that lives; a queue on which a process waits, whose last
 * sender or receiver lives, or that holds messages and is not stale.  What may not be read
 * of the object, or is out of sight in another pid namespace, counts as in use; processes
 * that may not be looked at do not.  Appends why, and by whom, to reason.  1 if it is in
 * use, 0 if not, -1 if the object has gone.
 */
int use_of(const struct object *o, const struct look *look, struct buf *reason);

/* What use_of() asks the walk for. */
#define USE_NEEDS (FACT(USES) | FACT(STALE))

#endif
