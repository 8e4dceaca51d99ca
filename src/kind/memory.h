/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_MEMORY_H
#define KIND_MEMORY_H

#include <stdbool.h>

#include "kind/object.h"

/* A segment that is attached to our address space. */
struct mapping {
	char *data;
	uint64_t size;
};

/* The operations on segments. */
struct memory_ops {
	bool (*is_locked)(const struct object *o); /* in memory */
	int (*lock)(const struct object *o, bool lock);

	/* Whether the kernel would let the caller lock or unlock it (access.h). */
	bool (*may_lock)(const struct object *o);

	/*
	 * Attaches a segment, even if it is marked for removal.  Without writing, only
	 * read permission is needed.  Stores the size of the attached memory, which
	 * cannot change any more.  0, or -1 with the errno of shmat(2).
	 */
	int (*attach)(const struct object *o, bool writing, struct mapping *m);

	void (*detach)(const struct mapping *m);

	/* Makes the kernel allocate the pages of a range at once: without it each page
	 * costs a fault when it is first touched.  Ignores errors; touching the pages
	 * reports them. */
	void (*populate)(
		const struct mapping *m, uint64_t offset, uint64_t length, bool writing);
};

#endif
