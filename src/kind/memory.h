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
 * The contents of objects that are memory, in chunks: get() tells where the bytes of one
 * are, and room() where new bytes are to be put, of which put() makes contents.  If the
 * object is mapped, that is in the object itself, and no byte is copied.
 */
struct memory_ops {
	/* Opens an object, also if it is marked for removal.  0, or -1 with errno or the
	 * cause. */
	int (*open)(const struct object *o, bool writing, struct memory *m,
		struct buf *cause);
	void (*close)(const struct memory *m);

	/* Returns the bytes from an offset, at most *length of them, and stores in
	 * *length how many these are; valid until the next call.  NULL with the cause. */
	const char *(*get)(
		struct memory *m, uint64_t offset, size_t *length, struct buf *cause);

	/* Returns where so many bytes from an offset can be stored.  at_once tells that
	 * they will be. */
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
