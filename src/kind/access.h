/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_ACCESS_H
#define KIND_ACCESS_H

#include "kind/object.h"

/*
 * Whether the kernel would let the caller change, or remove, the object.  They call
 * may_change and may_remove of its kind; false if the kind has none.  ipctool checks this
 * itself because some sandboxes let any process remove any object.
 */
bool access_may_change(const struct object *o);
bool access_may_remove(const struct object *o);

/* Whether the kernel would let a caller who may change old give it to the owner and group
 * of wanted. */
bool access_may_give(const struct object *old, const struct object *wanted);

/*
 * What follows is remembered.  This forgets it, because ipctool has entered another IPC
 * namespace, and if user is set another user namespace as well.
 */
void access_moved(bool user);

/* Whether ipctool is root where it started, so that more rights cannot be had. */
bool access_is_root(void);

/* What may help where something is not permitted, to end a message with: "; run as root",
 * or "" if ipctool is root already. */
const char *access_hint(void);

/* Whether the caller belongs to a group. */
bool access_in_group(gid_t gid);

/* Whether the caller is the owner or the creator of the object.  False if the caller's
 * uid is not mapped: it cannot be told from the uids of other unmapped users. */
bool access_is_ours(const struct object *o);

/*
 * Whether an id is the overflow uid (65534 by default), which stands for all users whom
 * our user namespace does not map, and so identifies none of them.  True if the map
 * cannot be read.
 */
bool access_sees_unmapped_user(uid_t uid);
bool access_sees_unmapped_group(gid_t gid);

/* Which bits of the mode apply to the caller, as the number of bits to shift right. */
enum access_class {
	ACCESS_OTHER = 0,
	ACCESS_GROUP = 3,
	ACCESS_OWNER = 6,
};
enum access_class access_class(const struct object *o);

/* Whether the mode lets the caller read (04) or write (02) the object; see svipc(7). */
bool access_is_allowed(const struct object *o, unsigned wanted);

/* Whether a capability (linux/capability.h) is effective and valid in our IPC namespace.
 * False if that cannot be determined. */
bool access_has(unsigned capability);

/* The same for a capability over processes; those that we had when we entered another
 * user namespace are valid for its processes only. */
bool access_has_over_processes(unsigned capability);

/* Whether a capability is effective in our own user namespace, as for files. */
bool access_has_here(unsigned capability);

/* Whether a capability is effective and valid in the initial user namespace.  It is never
 * valid there in a container. */
bool access_has_everywhere(unsigned capability);

#endif
