/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_RESOLVE_H
#define WAITS_RESOLVE_H

#include "waits/descriptors.h"
#include "waits/world.h"

/* What identifies a resource among those of all sorts. */
struct key {
	const void *sort; /* the address of something that only this sort has */
	uint64_t a, b, c;
};

/* What resolving the waits of a world reads once. */
struct resolver {
	struct world *w;
	struct descriptors *descriptors;
	struct locks *locks; /* of wait-lock.c, NULL before they were read */
	struct sets *sets; /* of wait-sysv.c */

	/* The resources by key, an open hash table. */
	struct known {
		struct key key;
		size_t resource; /* NONE in free places */
	} * known;
	size_t known_count, known_room;
};

/*
 * A mechanism: how to find what a thread waits for.  resolve() fills the members of the
 * thread below is_resolved, and sets that.
 */
struct mechanism {
	bool (*has)(enum call_does does);
	void (*resolve)(struct resolver *r, struct thread *t);
	void (*finish)(struct resolver *r); /* compares threads, once all are resolved;
					     * or NULL */
	void (*end)(struct resolver *r); /* frees what it has read; or NULL */
};

extern const struct mechanism wait_sysv;
extern const struct mechanism wait_fd;
extern const struct mechanism wait_open;
extern const struct mechanism wait_lock;
extern const struct mechanism wait_child;
extern const struct mechanism wait_event;

/* Resolves the waits of all threads. */
void resolve_all(struct world *w, struct descriptors *d);

/*
 * The resource of a key.  If there is none, adds one without releasers and sets *is_new.
 */
size_t resolve_resource(struct resolver *r, struct key key, bool *is_new);

/* Sets the resource of a thread if it has releasers. */
void resolve_set(struct resolver *r, struct thread *t, size_t resource);

#endif
