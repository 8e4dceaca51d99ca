/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_POSIX_H
#define POSIX_POSIX_H

#include "kind/kind.h"
#include "kind/limit.h"

/* The mode of an object has this flag if it has no name any more. */
enum { POSIX_DEST = 01000 };

struct posix_dir;
struct source_options;

/* A POSIX kind, whose objects are files in a directory. */
struct posix {
	struct kind kind;
	const char *place; /* the directory as users know it, "/dev/shm" */
	const char *prefix; /* of the file, before the name that programs pass */
	const char *except; /* The files with this prefix and a name after it belong to
			     * another kind; NULL if there are none. */
	bool needs_name; /* a reference to an object without a name is impossible */

	/* Opens the directory (dir.h).  Returns 0, or with the cause -1 or
	 * SOURCE_UNUSABLE. */
	int (*open_dir)(struct posix_dir *dir, const struct source_options *options,
		struct buf *cause);

	/* Reads from the file what stat(2) does not tell, of the facts that are wanted.
	 * o has the facts of stat(2).  NULL if there is nothing to read. */
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

extern const struct posix posix_pshm, posix_psem, posix_pmsg;

extern const struct family posix_family;
extern const struct kind_words posix_words;

/* What the words of all these kinds have in common. */
#define POSIX_MAY_CHANGE "; only its owner or root may change it"
#define POSIX_MAY_GIVE \
	"only root may give it to another owner, or to a group that the owner does not " \
	"belong to"

extern const struct kind_state posix_states[];

/* The part of a kind that only POSIX kinds have. */
const struct posix *posix_of(const struct kind *kind);

/* Whether a file of this name in the directory is an object of a kind, if it is regular.
 * Its prefix tells. */
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
int posix_queue_remove(const struct object *o, bool checks, struct buf *cause);
int posix_queue_create(const struct kind *kind, const struct creation *what,
	struct object *o, struct buf *cause);

/* The bytes of a queue that the kernel counts against RLIMIT_MSGQUEUE of its creator. */
uint64_t posix_queue_charge(uint64_t maxmsg, uint64_t msgsize);

struct evidence;
struct in_use_answer;

/* The parts of struct in_use_ops that these kinds share: they refuse an object that a
 * process uses, and append when an object without a name goes. */
void posix_refuse_used(
	const struct evidence *e, const struct object *o, struct in_use_answer *a);
void posix_put_going(const struct evidence *e, const struct object *o, struct buf *b);

extern const struct limit posix_queue_limits[];
int posix_queue_read_limits(struct limit *limits, struct buf *cause);

/* The limits of the tmpfs, and what else takes room there (posix/shm-limits.c). */
extern const struct limit posix_shm_limits[];
int posix_read_shm_limits(struct limit *limits, struct buf *cause);

/* What create() says if an object has the name. */
#define POSIX_EXISTS "exists already; use --exist-ok to accept it"

/* Those of the kinds whose objects are regular files; look_up() is that of all. */
int posix_create(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause);
int posix_look_up(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause);

/* Allocates the memory of a new file.  0, or -1 with errno and the cause. */
int posix_allocate(int fd, uint64_t size, struct buf *cause);

#define POSIX_CREATE \
	.create = posix_create, .look_up = posix_look_up, .creates_complete = true

/* What the members of struct kind_properties have in common. */
#define POSIX_NO_KEY "does not apply; a POSIX object is found by its name"
#define POSIX_REFUSED \
	[PROPERTY_KEY] = POSIX_NO_KEY, [PROPERTY_FTOK] = POSIX_NO_KEY, \
	[PROPERTY_PROJ] = POSIX_NO_KEY

/* What semop says of the other kinds. */
#define POSIX_NO_SEMAPHORE "not a semaphore; semop takes psem or sem"

extern const struct source_ops posix_source_ops;
extern const struct memory_ops posix_memory_ops;
extern const struct queue_ops posix_queue_ops;
extern const struct in_use_ops posix_in_use_ops, posix_in_use_of_sets;
extern const struct in_use_ops posix_queue_in_use_ops;

/* The reason if it is unknown whether a queue holds messages. */
#define POSIX_QUEUE_UNREAD \
	"whether it holds messages cannot be determined: it cannot be opened for reading"

extern const struct stale_ops posix_stale_ops, posix_stale_of_sets;
extern const struct stale_ops posix_queue_stale_ops;

/* Those of all POSIX kinds. */
#define POSIX_KIND_BASE \
	.family = &posix_family, .number = FACT_INODE, .is_file = true, \
	.is_named = true, .states = posix_states, .parse_ref = posix_parse_ref, \
	.names = posix_names, .source = &posix_source_ops, \
	.may_change = posix_may_change, .may_give = posix_may_give, \
	.may_remove = posix_may_remove, .apply = posix_apply, .compares = true, \
	.is_marked = posix_is_marked

/* Those of the kinds whose objects are in /dev/shm. */
#define POSIX_KIND \
	POSIX_KIND_BASE, .is_in_shm = true, .says = &posix_words, .same = posix_same, \
			 .remove = posix_remove

/* The facts that each file in /dev/shm has. */
#define POSIX_FILE_FACTS \
	(FACT(NAME) | FACT(DEVICE) | FACT(INODE) | FACT(NLINK) | FACT(MODE) | \
		FACT(ACL) | FACT(UID) | FACT(GID) | FACT(ALLOC) | FACT(BTIME) | \
		FACT(MTIME) | FACT(ATIME) | FACT(CTIME))

#define POSIX_DERIVED \
	(FACT(STALE) | FACT(CAUSE) | FACT(REASON) | FACT(USES) | FACT(USER) | \
		FACT(TOUCHED) | FACT(USED) | FACT(USERS))

#endif
