/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_KIND_H
#define KIND_KIND_H

#include <stddef.h>

#include "kind/object.h"

/* A flag in the mode above 0777, by the word that the state of an object has for it. */
struct kind_state {
	unsigned flag;
	const char *word;
	bool alert; /* people should notice it */
};

struct buf;
struct in_use_ops;
struct limit;
struct memory_ops;
struct near;
struct queue_ops;
struct ref;
struct set_ops;
struct source_ops;
struct stale_ops;

/* What is to be created. */
struct creation {
	uint32_t key; /* 0 for none: IPC_PRIVATE */
	uint64_t size; /* bytes of a segment */
	unsigned nsems;
	bool huge; /* in huge pages ... */
	uint64_t huge_size; /* ... of so many bytes each, 0 for the default size */
	bool no_reserve;
};

/* A kind of IPC object.  What is said here holds for POSIX objects as well. */
struct kind {
	const char *name; /* "shm": the TYPE of the command line and of references */
	const char *noun; /* "shared memory segment" */
	const char *title; /* "shared memory segments" */
	const char *short_noun, *short_nouns; /* "segment", "segments" */
	const char *const *words; /* what else people type for name, then NULL; or NULL */
	bool is_default; /* meant by a command without a TYPE; later kinds never are,
			  * so that no upgrade widens what a command does */
	facts_t facts; /* all that its objects can have */
	enum fact use; /* what the table's USE counts ... */
	const char *use_one; /* ... and in which words, with a blank before them */
	const char *use_many;
	const char *columns; /* default fields of a table of this kind alone */
	const struct kind_state *states; /* ends with a flag of 0 */
	unsigned use_bits; /* of the mode, for others, that let a process use an object:
			   * alter a set, send to or receive from a queue, attach a
			   * segment */

	/*
	 * What can be done with its objects.  NULL means that it is not possible for this
	 * kind: nothing is read without a source, no object is stale without stale, every
	 * one may be in use without in_use, and nobody may change one without may_change.
	 */

	/* Reads what follows "TYPE:" in a reference.  0, or -1 with the cause. */
	int (*parse_ref)(const char *text, struct ref *ref, struct buf *cause);

	/* Writes what follows "TYPE:" in the reference of an object, at most REF_SIZE
	 * bytes with the type, without a NUL; returns where it ends (ref.h). */
	char *(*put_ref)(const struct object *o, char *at);

	/* Whether a reference of the kind names an object. */
	bool (*is_named)(const struct object *o, const struct ref *ref);

	/* Whether both are the same object: not only the same id, but also the same key,
	 * creator and creating process. */
	bool (*same)(const struct object *a, const struct object *b);

	const struct source_ops *source; /* how they are read: source.h */

	const struct stale_ops *stale; /* whether they are stale: process/stale.h */
	const struct in_use_ops *in_use; /* who uses them: process/in-use.h */

	/* Whether the kernel would let the caller change and remove an object
	 * (access.h). */
	bool (*may_change)(const struct object *o);

	/* The functions below return 0, or -1 with errno as the kernel gives it:
	 * EINVAL and EIDRM for an object that is gone. */

	/* Why nothing is to be made although the kernel would make it, in the words of a
	 * message, or NULL; there need not be such a function. */
	const char *(*would_vanish)(const struct kind *kind, const struct creation *what);

	/* Makes a new object with mode 0600 (EEXIST if there is one with the key), and
	 * stores as much of it as names it. */
	int (*create)(
		const struct kind *kind, const struct creation *what, struct object *o);

	/* Finds the object with the key, as one at least as large (EINVAL if smaller);
	 * one that is not there is ENOENT. */
	int (*look_up)(
		const struct kind *kind, const struct creation *what, struct object *o);

	/* One IPC_SET to the mode, owner, group and qbytes that o has. */
	int (*apply)(const struct object *o);

	int (*remove)(const struct object *o);

	/* The kernel's limits; returns how many there are, at most max, or -1. */
	int (*limits)(const struct kind *kind, struct limit *limits, size_t max);

	const char *mapping; /* how the name of a mapping starts, proc_pid_maps(5) */

	/* Whether a mapping of this name is one of an object, and of which: 1, 0, or
	 * -1 with errno when that cannot be determined. */
	int (*match_mapping)(
		const char *name, dev_t device, uint64_t inode, uint64_t *id);
	bool (*is_marked)(const struct object *o); /* goes with its last user */

	/* What its objects are for: queue.h, set.h, memory.h. */
	const struct queue_ops *queue;
	const struct set_ops *set;
	const struct memory_ops *memory;
};

/* A set of kinds, by their places in kinds[]. */
typedef unsigned kinds_t;
#define KIND_BIT(place) ((kinds_t)1 << (place))

/* Every kind, in the order in which they are listed (kinds.c). */
extern const struct kind *const kinds[];
extern const size_t kinds_count;

/* The kind whose name these characters are, or NULL. */
const struct kind *kind_by_name(const char *name, size_t len);

/* Adds to the list the names of the kinds that its word is near to, also as a noun. */
void kind_try_near(struct near *near);

/* Whether an errno of these functions says that the object is gone. */
bool kind_is_gone(int error);

/* The names of all kinds as "shm, sem, msg", for messages. */
const char *kind_names(void);

#endif
