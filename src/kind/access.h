/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_ACCESS_H
#define KIND_ACCESS_H

#include "kind/object.h"

/*
 * Whether the kernel would let us change and remove the object, by svipc(7): its owner,
 * its creator, and who has CAP_SYS_ADMIN over the IPC namespace.  Decided here because
 * some sandboxes let anybody remove anything.
 */
bool caller_may_change(const struct object *o);

/* The same for the memory lock of a segment: CAP_IPC_LOCK instead of CAP_SYS_ADMIN. */
bool caller_may_lock(const struct object *o);

/*
 * Whether an id stands for everybody whom our user namespace does not map (65534 unless
 * the system says otherwise), and so for nobody in particular.  It does if the map cannot
 * be read.
 */
bool caller_sees_unmapped_user(uid_t uid);
bool caller_sees_unmapped_group(gid_t gid);

/* Whose bits of the mode are ours, by how far right they must be moved. */
enum caller_class {
	CALLER_OTHER = 0,
	CALLER_GROUP = 3,
	CALLER_OWNER = 6,
};
enum caller_class caller_class(const struct object *o);

/* Whether the mode lets us read (04) or write (02) the object, by svipc(7). */
bool caller_may_access(const struct object *o, unsigned wanted);

/* Whether a capability (linux/capability.h) is effective, and counts in our IPC
 * namespace; not if that cannot be determined. */
bool caller_has(unsigned capability);

/* The same for what the kernel asks of the whole machine: in a container it never
 * counts. */
bool caller_has_everywhere(unsigned capability);

#endif
