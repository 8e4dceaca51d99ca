/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef USE_H
#define USE_H

#include "buf.h"
#include "object.h"

/*
 * Whether an object is in use, as rm asks before it removes it: a segment with attachments,
 * a set with waiters or a last pid that lives, a queue with messages or whose last sender
 * or receiver lives.  What may not be read, or is out of sight in another pid namespace,
 * counts as in use.  Appends why to reason; 1 if it is, 0 if not, -1 if the object has gone.
 */
int use_of(const struct object *o, struct buf *reason);

/* Appends "4711 (postgres)" for a process that lives. */
void use_name_process(struct buf *b, pid_t pid);

#endif
