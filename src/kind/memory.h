/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_MEMORY_H
#define KIND_MEMORY_H

#include <stdbool.h>

#include "kind/object.h"

/* A segment as it is in our address space. */
struct mapping {
	char *data;
	uint64_t size;
};

/* What segments can do. */
struct memory_ops {
	bool (*is_locked)(const struct object *o); /* into memory */
	int (*lock)(const struct object *o, bool lock);

	/* Whether the kernel would let the caller do that (access.h). */
	bool (*may_lock)(const struct object *o);

	/*
	 * Attaches a segment, one that is marked for removal too; reading alone needs no
	 * more than the right to read.  The size is that of what is attached now, which
	 * nobody can change.  0, or -1 with errno as shmat(2) has it.
	 */
	int (*attach)(const struct object *o, bool writing, struct mapping *m);

	void (*detach)(const struct mapping *m);

	/* Has the pages of a part made ready at once, for speed: touched one by one,
	 * each is a fault of its own.  Where that cannot be had, touching them tells. */
	void (*populate)(
		const struct mapping *m, uint64_t offset, uint64_t length, bool writing);
};

#endif
