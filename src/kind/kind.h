/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_KIND_H
#define KIND_KIND_H

#include <stddef.h>

#include "kind/object.h"

/* A flag in the mode above 0777, and the word for it in the state of an object. */
struct kind_state {
	unsigned flag;
	const char *word;
	bool alert; /* show it in colour */
};

struct buf;
struct in_use_ops;
struct limit;
struct lock_ops;
struct memory_ops;
struct near;
struct queue_ops;
struct ref;
struct semaphore_ops;
struct set_ops;
struct source_ops;
struct stale_ops;

/* What can be given when an object of some kinds is created or changed.  Mode and owner
 * are not among these: every object has them. */
enum property {
	PROPERTY_SIZE,
	PROPERTY_HUGE,
	PROPERTY_NO_RESERVE,
	PROPERTY_NSEMS,
	PROPERTY_VALUE,
	PROPERTY_QBYTES,
	PROPERTY_MAXMSG,
	PROPERTY_MSGSIZE,
	PROPERTY_KEY,
	PROPERTY_FTOK,
	PROPERTY_PROJ,
	PROPERTY_LOCK,
	PROPERTY_UNLOCK,
	PROPERTY_COUNT,
};

/* A set of properties. */
typedef unsigned properties_t;
#define PROPERTY_BIT(property) ((properties_t)1 << (property))
#define PROPERTY(name) PROPERTY_BIT(PROPERTY_##name)

/* The properties of the objects of a kind. */
struct kind_properties {
	properties_t required; /* must be given to create an object */
	properties_t created; /* can be given besides the required ones */
	properties_t changed; /* can be changed */
	/* What a message says after the option of a property that the objects do not
	 * have.  If it is NULL, the message names the kinds that have the property. */
	const char *refused[PROPERTY_COUNT];
	uint64_t value_most; /* the largest value of a semaphore */
	/* What a message says of values for some of several semaphores; NULL if the
	 * objects have several. */
	const char *one_value;
};

/* The properties of an object to create. */
struct creation {
	const struct label *label; /* its name, if objects of its kind have names */
	unsigned mode;
	bool has_owner; /* else they are the caller's */
	uid_t uid;
	gid_t gid;
	uint32_t key; /* 0: no key (IPC_PRIVATE) */
	uint64_t size; /* of memory, in bytes */
	uint64_t maxmsg, msgsize; /* of a queue: messages, and the bytes of one; 0 for the
				   * default */
	unsigned nsems;
	unsigned value; /* of an object that is one semaphore */
	bool huge; /* use huge pages */
	uint64_t huge_size; /* size of a huge page in bytes, 0 for the default */
	bool no_reserve;
};

enum { DEVICES_MAX = 16 };

/* The devices of the file systems that contain the objects of a kind. */
struct devices {
	bool found; /* find_devices() was called */
	struct {
		dev_t device;
		uint64_t page_size; /* in bytes */
	} list[DEVICES_MAX];
	size_t count;
	int unknown; /* errno why some may be missing, or 0 */
};

/* Kinds that belong together: an operand names all of them. */
struct family {
	const char *name; /* the operand, "sysv" */
	const char *title; /* "System V objects" */
};

/* What messages say of the objects of a kind. */
struct kind_words {
	/* Before and after the name of the owner of an object that the caller may not
	 * remove or change. */
	const char *belongs, *may_remove, *may_change;
	const char *may_give; /* who may give an object to another owner */
	const char *missing; /* no object has this name; NULL if it has an id or a key */
	const char *gone; /* an object is gone since it was read */
	const char *another; /* another object has taken its place */
	const char *differs; /* it was used since it was read */
	const char *unchosen; /* the conditions do not choose it any more */
};

/* The commands that operate on one object, or create one. */
enum operation {
	OPERATION_READ,
	OPERATION_WRITE,
	OPERATION_SEND,
	OPERATION_RECV,
	OPERATION_SEMOP,
	OPERATION_CREATE,
	OPERATION_COUNT,
};

/* A kind of IPC object. */
struct kind {
	const char *name; /* "shm": the TYPE of the command line and of references */
	const char *noun; /* "shared memory segment" */
	const char *title; /* "shared memory segments" */
	const char *short_noun, *short_nouns; /* "segment", "segments" */
	const char *const *words; /* other words that people type for the name, then
				   * NULL; or NULL */
	const struct family *family; /* or NULL */
	const struct kind_words *says; /* NULL for what most kinds say: kind_says() */
	bool is_default; /* A command without a TYPE includes this kind.  False for
			  * kinds that are added later, so that an upgrade does not
			  * widen what a command does. */
	facts_t facts; /* all facts that its objects can have */
	enum fact number; /* the fact that is their number, object_number() */
	bool is_file; /* They are files, whose device and inode identify them: any process
		       * of the machine can open one by its name, which is in a label. */
	bool is_named; /* Each has a name, which is in its reference and is given to it
			* when it is created. */
	bool is_namespaced; /* Each IPC namespace has objects of its own, and its source
			     * reads those of the current one. */
	bool is_in_shm; /* They are files in the /dev/shm that belongs to the current IPC
			 * namespace: see struct ipcns. */
	enum fact use; /* what the column USE counts */
	enum fact use_of; /* the fact that "use" is a part of, both in bytes; else 0 */
	const char *use_before; /* the word before the count, with a blank; or NULL */
	const char *use_one; /* the words after the count, with a leading blank */
	const char *use_many;
	const char *columns; /* default fields of a table of this kind only */
	const struct kind_state *states; /* ends with a flag of 0 */
	unsigned use_bits; /* The permission bits for others that let a process use an
			    * object: alter a set, send to or receive from a queue,
			    * attach a segment. */

	/*
	 * The operations on objects of this kind.  NULL means "not possible for this
	 * kind".  Without source, no object can be read; without stale, no object is
	 * stale; without in_use, every object may be in use; without may_change or
	 * may_remove, the caller may change or remove no object.
	 */

	/* Parses the part of a reference after "TYPE:".  0, or -1 with the cause. */
	int (*parse_ref)(const char *text, struct ref *ref, struct buf *cause);

	/* Writes the part of an object's reference after "TYPE:", without a NUL.  The
	 * whole reference fits in REF_SIZE bytes.  Returns the end of the text (ref.h).
	 * NULL if the objects have labels. */
	char *(*put_ref)(const struct object *o, char *at);

	/* Stores all references that name an object, and returns how many there are; at
	 * most REFS_MAX (ref.h). */
	size_t (*names)(const struct object *o, struct ref *refs);

	/* Whether a and b are the same object: they have the same id, key, creator and
	 * creating process. */
	bool (*same)(const struct object *a, const struct object *b);

	const struct source_ops *source; /* how they are read; see source.h */

	const struct stale_ops *stale; /* whether they are stale; see process/stale.h */
	const struct in_use_ops *in_use; /* which processes use them; see
					  * process/in-use.h */

	/* Appends why the facts that are in the content of an object are unknown.  NULL
	 * if no fact is. */
	void (*put_unread)(const struct object *o, struct buf *b);

	/* Whether the kernel would let the caller change an object, and remove it
	 * (access.h). */
	bool (*may_change)(const struct object *o);
	bool (*may_remove)(const struct object *o);

	/* Whether it would let a caller who may change old give it to the owner and group
	 * of wanted.  NULL if it lets each of them. */
	bool (*may_give)(const struct object *old, const struct object *wanted);

	const struct kind_properties *properties; /* NULL if they have none */

	/* The functions below return 0, or -1 with the errno of the kernel: EINVAL or
	 * EIDRM if the object is gone. */

	/* Why the object must not be created although the kernel would create it, as the
	 * text of a message; NULL if it may be created.  The member may be NULL. */
	const char *(*would_vanish)(const struct kind *kind, const struct creation *what);

	/*
	 * Creates an object (EEXIST if one with the key or the name exists), and stores
	 * the facts that identify it.  If creates_complete is set, it has its mode, owner
	 * and contents as soon as any process can see it; otherwise it has mode 0600 and
	 * must be completed.  What the errno does not tell is appended to cause.  Returns
	 * SOURCE_UNUSABLE (source.h) with the cause if there is no place for objects.
	 */
	int (*create)(const struct kind *kind, const struct creation *what,
		struct object *o, struct buf *cause);
	bool creates_complete;

	/* Finds the object with the key or the name.  ENOENT if there is none, EINVAL if
	 * it is smaller than wanted.  Otherwise as create(). */
	int (*look_up)(const struct kind *kind, const struct creation *what,
		struct object *o, struct buf *cause);

	/* Makes the mode, owner, group and qbytes of an object those of wanted; old is
	 * the object before. */
	int (*apply)(const struct object *old, const struct object *wanted);

	/*
	 * Removes an object.  If checks is set, and the kind compares, it is removed only
	 * if it is still as o tells and no process uses it; otherwise it stays, with
	 * errno ECANCELED and the reason in cause.
	 */
	int (*remove)(const struct object *o, bool checks, struct buf *cause);
	bool compares; /* remove() compares it, so that it need not be read directly
			* before */

	/* The kernel's limits without their numbers; a name of NULL ends them.  The
	 * function reads the numbers into a copy and returns 0, -1 with errno, or
	 * SOURCE_UNUSABLE with the cause (source.h).  A kind has both or neither
	 * (limit.h). */
	const struct limit *limits;
	int (*read_limits)(struct limit *limits, struct buf *cause);

	const char *mapping; /* prefix of the name of a mapping in proc_pid_maps(5) */

	/* Whether a file of this name and inode is an object, and which, if it is on one
	 * of the devices of the kind. */
	bool (*match_mapping)(const char *name, uint64_t inode, uint64_t *id);
	void (*find_devices)(struct devices *d);
	bool (*is_marked)(const struct object *o); /* the kernel removes it after its
						    * last user */

	/* the operations of queue.h, set.h and memory.h */
	const struct queue_ops *queue;
	const struct set_ops *set;
	const struct semaphore_ops *semaphore;
	const struct memory_ops *memory;
	const struct lock_ops *lock;

	/* What a message says of an object that an operation does not work on; where it
	 * is NULL, what the operation takes. */
	const char *refuses[OPERATION_COUNT];
};

/* A set of kinds: a bit for each index into kinds[]. */
typedef unsigned kinds_t;
#define KIND_BIT(place) ((kinds_t)1 << (place))
#define KINDS_ALL (~(kinds_t)0)

/* All kinds, in the order in which they are listed (kinds.c). */
extern const struct kind *const kinds[];
extern const size_t kinds_count;

/* The kind with this name, which has len bytes; NULL if there is none. */
const struct kind *kind_by_name(const char *name, size_t len);

/* What messages say of the objects of a kind. */
const struct kind_words *kind_says(const struct kind *kind);

/* The kinds of the group with this name, a family or "all"; 0 if there is none. */
kinds_t kinds_of_group(const char *name);

/* The kind, or the kinds of the group, with this name; 0 if there is none. */
kinds_t kinds_named(const char *name);

/* The name of group i; NULL after the last one, "all". */
const char *kinds_group_name(size_t i);

/* The index of a kind in kinds[]. */
size_t kind_index(const struct kind *kind);

/* Orders kinds as they are listed. */
int kind_compare(const struct kind *a, const struct kind *b);

/* Adds to the list the names of the kinds that its word is near to, also as a noun. */
void kind_try_near(struct near *near);

/* The words for the states of a set of kinds, each once, then NULL; the caller owns the
 * list. */
const char **kind_state_words(kinds_t of);

/* Whether an errno of the functions of a kind means that the object is gone. */
bool kind_is_gone(int error);

/* The names of all kinds as "shm, sem, msg", for messages. */
const char *kind_names(void);

#endif
