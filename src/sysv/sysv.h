/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_SYSV_H
#define SYSV_SYSV_H

#include "kind/kind.h"
#include "kind/limit.h"
#include "kind/ref.h"

/* The format of a column of a /proc/sysvipc file. */
struct sysv_column {
	const char *name; /* in the heading */
	enum fact fact;
	unsigned base;
	unsigned bits; /* maximum number of bits of the value */
	bool is_signed; /* printed as a signed number with this many bits */
};

/* A System V kind, and what differs between the three of them. */
struct sysv {
	struct kind kind;
	const char *proc_path;
	const struct sysv_column *columns; /* in addition to the common ones; ends with
					    * NULL */
	facts_t stat_facts; /* those that the ctl call returns */

	/* The highest index in use by IPC_INFO, 0 if there is no object.  -1 with the
	 * errno of the ctl call. */
	int (*max_index)(void);

	/* Stores the number of objects, by SHM_INFO and similar calls.  0, or -1 with
	 * errno.  For shm the kernel must walk over all objects. */
	int (*count)(unsigned long *count);

	/* Calls shmget, semget or msgget with these flags.  With IPC_CREAT, adds the
	 * flags that apply to new objects only. */
	int (*get)(const struct creation *what, int flags);

	int stat_any; /* the command SHM_STAT_ANY, SEM_STAT_ANY or MSG_STAT_ANY */

	/* Stores the result of IPC_STAT for an id, or of stat_any for an index, which
	 * needs no read permission.  Returns the result of the ctl call. */
	int (*read_ds)(int id, int command, struct object *o);

	/* Removes the facts of a row of /proc/sysvipc that cannot be true.  Returns the
	 * reason as the text of a message, or NULL if it removed none.  The member may be
	 * NULL. */
	const char *(*drop_untrue)(struct object *o);

	/* IPC_SET of the members that all three have, and IPC_RMID. */
	int (*set_id)(int id, const struct object *o);
	int (*remove_id)(int id);
};

extern const struct family sysv_family;

extern const struct sysv sysv_shm;
extern const struct sysv sysv_sem;
extern const struct sysv sysv_msg;

/* The System V part of a System V kind. */
const struct sysv *sysv_of(const struct kind *kind);

/* The columns that all three files have; ends with a name of NULL. */
extern const struct sysv_column sysv_common_columns[];

/* Stores the facts of a struct ipc_perm; fills the members that IPC_SET uses. */
struct ipc_perm;
void sysv_from_perm(struct object *o, const struct ipc_perm *perm);
void sysv_to_perm(const struct object *o, struct ipc_perm *perm);

/* Reads the object at an index.  0, or -1 with the errno of the ctl call, EINVAL for an
 * unused index. */
int sysv_read_index(const struct sysv *sysv, int index, struct object *o);

/* Reads the object with this id; this needs no read permission.  Returns 1, 0 if there is
 * none, or -1 with errno if the ctl calls are denied. */
int sysv_read(const struct sysv *sysv, uint32_t id, struct object *o);

/* Finds the id of the object with this key.  0, or -1 with errno (ENOENT if there is
 * none). */
int sysv_by_key(const struct kind *kind, uint32_t key, uint32_t *id);

/* Finds an object by the ctl calls, unless the options or their failure rule them out
 * (source.h). */
struct source_options;
int sysv_find(const struct ref *ref, const struct source_options *options,
	struct object *o, struct buf *cause);

/* The members of struct kind that are the same for all three kinds. */
int sysv_parse_ref(const char *text, struct ref *ref, struct buf *cause);
char *sysv_put_ref(const struct object *o, char *at);
size_t sysv_names(const struct object *o, struct ref refs[REFS_MAX]);
int sysv_create(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause);
int sysv_look_up(const struct kind *kind, const struct creation *what, struct object *o,
	struct buf *cause);
int sysv_apply(const struct object *old, const struct object *wanted);
int sysv_remove(const struct object *o, bool checks, struct buf *cause);
bool sysv_same(const struct object *a, const struct object *b);

/* Whether the caller may change it by svipc(7): as its owner or creator, or with
 * CAP_SYS_ADMIN in the user namespace of the IPC namespace. */
bool sysv_may_change(const struct object *o);

/* How many objects of a type the sysctls can allow (Documentation/admin-guide/
 * kernel-parameters.txt, ipcmni_extend). */
struct limit_most sysv_most_objects(uint64_t limit);

extern const struct source_ops sysv_source_ops; /* source.c */

#define SYSV_KIND \
	.is_namespaced = true, .family = &sysv_family, .parse_ref = sysv_parse_ref, \
	.put_ref = sysv_put_ref, .names = sysv_names, .same = sysv_same, \
	.source = &sysv_source_ops, .may_change = sysv_may_change, \
	.may_remove = sysv_may_change, .create = sysv_create, .look_up = sysv_look_up, \
	.apply = sysv_apply, .remove = sysv_remove

/* The properties by which System V objects are found. */
#define SYSV_PROPERTIES (PROPERTY(KEY) | PROPERTY(FTOK) | PROPERTY(PROJ))

/* Facts that every System V object has. */
#define SYSV_FACTS \
	(FACT(ID) | FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) | FACT(CUID) | \
		FACT(CGID) | FACT(CTIME))

/* The facts that derive.h can find for all three kinds. */
#define SYSV_DERIVED \
	(FACTS_DERIVED & ~(FACT(SEMAPHORES) | FACT(PAGESIZE) | FACT(USED) | FACT(USERS)))

#endif
