/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_UNLINKED_H
#define POSIX_UNLINKED_H

#include "posix/dir.h"

/* Objects that have no name any more, but that processes still use. */
struct unlinked {
	struct object *list; /* without labels, sorted by kind and inode; what could not
			      * be read of them is not known */
	size_t count;
	size_t closed; /* processes that could not be examined */
};

/*
 * Finds the unlinked objects of all kinds in the descriptors and mappings of all
 * processes.  An object is of the kind that its last name tells.  The search is made
 * once: shared keeps the result.  NULL with errno if /proc cannot be read.
 */
const struct unlinked *unlinked_find(
	const struct posix_dir *dir, struct source_shared *shared);

#endif
