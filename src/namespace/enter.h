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

#endif
