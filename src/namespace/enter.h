/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_ENTER_H
#define NAMESPACE_ENTER_H

#include "namespace/find.h"

/*
 * Makes a namespace that of the calling thread, setns(2) with CLONE_NEWIPC; all else
 * stays the caller's.  Does nothing if it is the current one, so an ordinary user can
 * read the namespace that ipctool started in.  0, or -1 with errno.
 *
 * Never call it after a semaphore operation: setns(2) applies the caller's SEM_UNDO.
 */
int ns_enter(struct namespaces *all, const struct namespace *ns);

/* Whether ipctool can return to the namespace that it started in, and is in. */
bool ns_may_return(const struct namespaces *all);

/* Whether a user namespace below ours owns a namespace. */
bool ns_has_other_user(const struct namespace *ns);

/*
 * Enters the user namespace that owns a namespace as well, in which its owner has all
 * rights.  For a caller to whom ns_enter() is denied (EPERM), and who owns it: that of
 * the own rootless container.  From then on owners and groups are numbers of that user
 * namespace, and there is no way back; so it must be the last namespace of the run.  The
 * mount namespace becomes a copy, in which fsopen(2) is permitted.  0, or -1 with errno;
 * then ipctool may be in another user namespace, and must end.
 */
int ns_enter_with_user(struct namespaces *all, const struct namespace *ns);

#endif
