/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_POSIX_H
#define POSIX_POSIX_H

#include "kind/kind.h"
#include "kind/limit.h"

struct posix_dir;

/* The mode of an object has this flag if it has no name any more. */
enum { POSIX_DEST = 01000 };

/* A POSIX kind whose objects are files in /dev/shm. */
struct posix {
	struct kind kind;
	const char *prefix; /* of the file, before the name that programs pass */

	/* Reads the wanted facts that are in the content of a file, whose device and
	 * inode are known.  NULL if no fact is. */
	void (*read_contents)(const struct posix_dir *dir, const char *file,
		facts_t wanted, struct object *o);

	/* Allocates and writes the contents of a new file.  0, or -1 with errno and the
	 * cause.  Needed by posix_create(). */
	int (*fill)(int fd, const struct creation *what, struct buf *cause);

	/* Whether an existing object can be used instead of a new one; if not, sets errno
	 * and the cause.  NULL if each can. */
	bool (*suffices)(
		const struct object *o, const struct creation *what, struct buf *cause);
};

extern const struct posix posix_pshm;
extern const struct posix posix_psem;

extern const struct family posix_family;
extern const struct kind_words posix_words;
extern const struct kind_state posix_states[];

/* The part of a kind that only POSIX kinds have. */
const struct posix *posix_of(const struct kind *kind);

/* Whether a file of this name in /dev/shm is an object of a kind, if it is regular.  The
 * prefix of semaphores tells. */
bool posix_takes(const struct posix *posix, const char *file);

/* The members of struct kind that these kinds share. */
size_t posix_names(const struct object *o, struct ref *refs);
bool posix_same(const struct object *a, const struct object *b);
bool posix_is_marked(const struct object *o);
bool posix_may_remove(const struct object *o);
bool posix_may_change(const struct object *o);
bool posix_may_give(const struct object *old, const struct object *wanted);
int posix_apply(const struct object *old, const struct object *wanted);
int posix_remove(const struct object *o, bool checks, struct buf *cause);

/* The limits of the tmpfs, and what else takes room there (posix/shm-limits.c). */
extern const struct limit posix_shm_limits[];
int posix_read_shm_limits(struct limit *limits, struct buf *cause);

/* Those of the kinds whose objects are regular files. */
int posix_create(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause);
int posix_look_up(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause);

#define POSIX_CREATE \
	.create = posix_create, .look_up = posix_look_up, .creates_complete = true

/* What the members of struct kind_properties have in common. */
#define POSIX_NO_KEY "does not apply; a POSIX object is found by its name"
#define POSIX_REFUSED \
	[PROPERTY_KEY] = POSIX_NO_KEY, [PROPERTY_FTOK] = POSIX_NO_KEY, \
	[PROPERTY_PROJ] = POSIX_NO_KEY

extern const struct source_ops posix_source_ops;
extern const struct memory_ops posix_memory_ops;
extern const struct in_use_ops posix_in_use_ops, posix_in_use_of_sets;
extern const struct stale_ops posix_stale_ops, posix_stale_of_sets;

#define POSIX_KIND \
	.family = &posix_family, .says = &posix_words, .number = FACT_INODE, \
	.is_file = true, .is_named = true, .states = posix_states, \
	.parse_ref = posix_parse_ref, .names = posix_names, .same = posix_same, \
	.source = &posix_source_ops, .may_change = posix_may_change, \
	.may_give = posix_may_give, .may_remove = posix_may_remove, \
	.apply = posix_apply, .remove = posix_remove, .compares = true, \
	.is_marked = posix_is_marked

/* The facts that each file in /dev/shm has. */
#define POSIX_FILE_FACTS \
	(FACT(NAME) | FACT(DEVICE) | FACT(INODE) | FACT(NLINK) | FACT(MODE) | \
		FACT(ACL) | FACT(UID) | FACT(GID) | FACT(ALLOC) | FACT(BTIME) | \
		FACT(MTIME) | FACT(ATIME) | FACT(CTIME))

#define POSIX_DERIVED \
	(FACT(STALE) | FACT(CAUSE) | FACT(REASON) | FACT(USES) | FACT(USER) | \
		FACT(TOUCHED) | FACT(USED) | FACT(USERS))

#endif
