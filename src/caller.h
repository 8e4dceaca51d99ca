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

/* The same for the memory lock of a segment: CAP_IPC_LOCK instead of CAP_SYS_ADMIN. */
bool caller_may_lock(const struct object *o);

/* Whose bits of the mode are ours, by how far right they must be moved. */
enum caller_class {
	CALLER_OTHER = 0,
	CALLER_GROUP = 3,
	CALLER_OWNER = 6,
};
enum caller_class caller_class(const struct object *o);

/* Whether the mode lets us read (04) or write (02) the object, by svipc(7). */
bool caller_may_access(const struct object *o, unsigned wanted);

/* Whether a capability (linux/capability.h) is effective, and counts in our IPC namespace. */
bool caller_has(unsigned capability);

#endif
