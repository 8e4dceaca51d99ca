/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_MEMORY_H
#define KIND_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "kind/object.h"
#include "lib/buf.h"

enum { MEMORY_CHUNK = 1 << 20 }; /* the most bytes that are read or written at once */

/* The memory of an object that is open. */
struct memory {
	uint64_t size;
	char *data; /* of the object, or of a chunk of it */
	int fd;
};

/*
 * Reading and writing objects that are memory, in chunks.  get() returns the bytes of a
 * chunk.  room() returns a place for new bytes, and put() makes them contents of the
 * object.  If the object is mapped, both are in the object itself, and no byte is copied.
 */
struct memory_ops {
	/* Opens an object, also if it is marked for removal.  0, or -1 with errno or the
	 * cause. */
	int (*open)(const struct object *o, bool writing, struct memory *m,
		struct buf *cause);
	void (*close)(const struct memory *m);

	/* Returns at most *length bytes from an offset, and stores their number in
	 * *length.  They are valid until the next call.  NULL with the cause. */
	const char *(*get)(
		struct memory *m, uint64_t offset, size_t *length, struct buf *cause);

	/* Returns the place for length bytes from an offset.  at_once is set if all of
	 * them will be stored. */
	char *(*room)(struct memory *m, uint64_t offset, size_t length, bool at_once);

	/* Makes stored bytes contents of the object.  Returns their number, less than
	 * length with the cause. */
	size_t (*put)(
		struct memory *m, uint64_t offset, size_t length, struct buf *cause);
};

/* Locking an object into memory. */
struct lock_ops {
	bool (*is_locked)(const struct object *o);
	int (*lock)(const struct object *o, bool lock);

	/* Whether the kernel would let the caller lock or unlock it (access.h). */
	bool (*may_lock)(const struct object *o);
};

#endif
