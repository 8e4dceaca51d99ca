/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_ACCESS_H
#define KIND_ACCESS_H

#include "kind/object.h"

/*
 * Whether the kernel would let the caller change and remove the object: may_change of its
 * kind, and no if that has none.  ipctool decides it itself because some sandboxes let
 * anybody remove anything.
 */
bool access_may_change(const struct object *o);

/* Whether the caller is the owner or the creator of the object; no if the caller's uid is
 * not mapped, which cannot be told from other users'. */
bool access_is_ours(const struct object *o);

/*
 * Whether an id stands for everybody whom our user namespace does not map (65534 unless
 * the system says otherwise), and so for nobody in particular.  It does if the map cannot
 * be read.
 */
bool access_sees_unmapped_user(uid_t uid);
bool access_sees_unmapped_group(gid_t gid);

/* Whose bits of the mode are ours, by how far right they must be moved. */
enum access_class {
	ACCESS_OTHER = 0,
	ACCESS_GROUP = 3,
	ACCESS_OWNER = 6,
};
enum access_class access_class(const struct object *o);

/* Whether the mode lets us read (04) or write (02) the object, by svipc(7). */
bool access_is_allowed(const struct object *o, unsigned wanted);

/* Whether a capability (linux/capability.h) is effective, and counts in our IPC
 * namespace; not if that cannot be determined. */
bool access_has(unsigned capability);

/* The same for what the kernel asks of the whole machine: in a container it never
 * counts. */
bool access_has_everywhere(unsigned capability);

#endif
