/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_SYSV_H
#define SYSV_SYSV_H

#include "kind/kind.h"

/* How a column of a /proc/sysvipc file is to be read. */
struct sysv_column {
	const char *name; /* in the heading */
	enum fact fact;
	unsigned base;
	unsigned bits; /* that the value may have */
	bool is_signed; /* printed as a signed number of that many bits */
};

/* A System V kind: the kind, and what its three relatives do differently. */
struct sysv {
	struct kind kind;
	const char *proc_path;
	const struct sysv_column *columns; /* beside the common ones; ends with NULL */
	facts_t stat_facts; /* those that the ctl call gives */

	/* The highest index in use, 0 when there is none at all, by IPC_INFO.  -1 with
	 * the errno of the ctl call. */
	int (*max_index)(void);

	/* How many objects there are, by SHM_INFO and its like: 0, or -1 with errno.
	 * For shm it costs the kernel a walk over all of them. */
	int (*count)(unsigned long *count);

	/* shmget, semget or msgget with these flags, and with those that only a new
	 * object takes where IPC_CREAT is among them. */
	int (*get)(const struct creation *what, int flags);

	int stat_any; /* the number of *_STAT_ANY */

	/* Stores what IPC_STAT gives of an id, or *stat_any of an index, which needs
	 * no read permission; returns what the ctl call returns. */
	int (*read_ds)(int id, int command, struct object *o);

	/* Takes out of a row of /proc/sysvipc the facts that cannot be true; returns
	 * why, in the words of a message, or NULL where there are none.  NULL for a
	 * kind without such. */
	const char *(*drop_untrue)(struct object *o);

	/* IPC_SET of what the three have in common, and IPC_RMID. */
	int (*set_id)(int id, const struct object *o);
	int (*remove_id)(int id);
};

extern const struct sysv sysv_shm;
extern const struct sysv sysv_sem;
extern const struct sysv sysv_msg;

/* The System V part of a kind that is a System V one. */
const struct sysv *sysv_of(const struct kind *kind);

/* The columns that all three files have; ends with a name of NULL. */
extern const struct sysv_column sysv_common_columns[];

/* Stores the facts of a struct ipc_perm, and the other way what IPC_SET takes. */
struct ipc_perm;
void sysv_from_perm(struct object *o, const struct ipc_perm *perm);
void sysv_to_perm(const struct object *o, struct ipc_perm *perm);

/*
 * Reads the object at an index.  0, or -1 with the errno of the ctl call: EINVAL for an
 * unused index.
 */
int sysv_read_index(const struct sysv *sysv, int index, struct object *o);

/*
 * Reads the object with this id, without need of its read permission.  1, 0 when there is
 * none, -1 with errno when the ctl calls are kept from it.
 */
int sysv_read(const struct sysv *sysv, uint32_t id, struct object *o);

/* The id of the object with this key: 0, or -1 with errno (ENOENT if there is none). */
int sysv_by_key(const struct kind *kind, uint32_t key, uint32_t *id);

/* The parts of struct kind that the three do alike. */
int sysv_parse_ref(const char *text, struct ref *ref, struct buf *cause);
char *sysv_put_ref(const struct object *o, char *at);
bool sysv_is_named(const struct object *o, const struct ref *ref);
int sysv_create(const struct kind *kind, const struct creation *what, struct object *o);
int sysv_look_up(const struct kind *kind, const struct creation *what, struct object *o);
int sysv_apply(const struct object *o);
int sysv_remove(const struct object *o);
bool sysv_same(const struct object *a, const struct object *b);

/* By svipc(7): the owner, the creator, and who has CAP_SYS_ADMIN over the IPC
 * namespace. */
bool sysv_may_change(const struct object *o);

extern const struct source_ops sysv_source_ops; /* source.c */

#define SYSV_KIND \
	.parse_ref = sysv_parse_ref, .put_ref = sysv_put_ref, .is_named = sysv_is_named, \
	.same = sysv_same, .source = &sysv_source_ops, .may_change = sysv_may_change, \
	.create = sysv_create, .look_up = sysv_look_up, .apply = sysv_apply, \
	.remove = sysv_remove

/* Facts that every System V object has. */
#define SYSV_FACTS \
	(FACT(ID) | FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) | FACT(CUID) | \
		FACT(CGID) | FACT(CTIME))

/* What derive.h can find out about each of them. */
#define SYSV_DERIVED (FACTS_DERIVED & ~FACT(SEMAPHORES))

#endif
