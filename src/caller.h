/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CALLER_H
#define CALLER_H

#include "object.h"

/*
 * Whether the kernel would let us change and remove the object, by svipc(7): its owner, its
 * creator, and who has CAP_SYS_ADMIN over the IPC namespace.  Decided here because some
 * sandboxes let anybody remove anything.
 */
bool caller_may_change(const struct object *o);

/* Whether the mode lets us read (04) or write (02) the object, by svipc(7). */
bool caller_may_access(const struct object *o, unsigned wanted);

/* Whether a capability (linux/capability.h) is effective, and counts in our IPC namespace. */
bool caller_has(unsigned capability);

#endif
