/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_UNLINKED_H
#define POSIX_UNLINKED_H

#include "posix/dir.h"

/* Objects that have no name any more, but that processes still use. */
struct unlinked {
	struct object *list; /* without labels; what could not be read of them is not
			      * known */
	size_t count;
	size_t closed; /* processes that could not be examined */
};

/*
 * Finds the unlinked objects of a kind in the descriptors and mappings of all processes.
 * A file belongs to the kind that its last name tells.  0, or -1 with errno if /proc
 * cannot be read.  unlinked_free() releases the list.
 */
int unlinked_find(const struct posix *posix, const struct posix_dir *dir, facts_t wanted,
	struct unlinked *u);
void unlinked_free(struct unlinked *u);

#endif
