/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_REFERENCE_H
#define WAITS_REFERENCE_H

#include "lib/buf.h"
#include "waits/descriptors.h"
#include "waits/world.h"

/* References to what is waited for.  The caller owns the texts. */

/* "fifo:/run/orders": bytes of the path that could harm a shell or a terminal become
 * %HH. */
char *reference_of_path(const char *type, const char *path);

/* "pmsg:/name": that of a POSIX queue by the link of its descriptor; NULL if it has
 * no name any more. */
char *reference_of_queue(const char *link);

/* "lock:/var/lib/app/lock": the path of the file for the process with the lowest pid
 * that has it open.  If it has no name, or may have another one here, "lock:08:01:1234"
 * as in /proc/locks. */
char *reference_of_lock(
	const struct world *w, struct descriptors *d, const struct descriptor *file);

/* Decodes %HH in the path of a reference.  Returns the path, which the caller owns, or
 * NULL if a % is followed by anything else. */
char *reference_decode(const char *text);

/* Appends a link of a process, such as its "cwd".  0, or -1 with errno. */
int reference_link(const struct world *w, const struct process *p, const char *name,
	struct buf *path);

/* Whether a path means the same for a process as for us: it has our mount namespace. */
bool reference_is_here(const struct world *w, const struct process *p);

/* Whether the ids and names of IPC objects mean the same: it has our IPC namespace. */
bool reference_has_our_objects(const struct world *w, const struct process *p);

/* Whether the clocks that count from the start of the machine show the same: it has our
 * time namespace. */
bool reference_has_our_clocks(const struct world *w, const struct process *p);

/* Whether an absolute path, as a process sees it, is a FIFO, and its device and inode.
 * It is not looked up if a server or a program keeps the file system. */
bool reference_is_fifo(
	const struct process *p, const char *path, uint64_t *device, uint64_t *inode);

#endif
