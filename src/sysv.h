/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_H
#define SYSV_H

#include "kind.h"

/* How a column of a /proc/sysvipc file is to be read. */
struct sysv_column {
	const char *name; /* in the heading */
	enum fact fact;
	unsigned base;
	unsigned bits; /* that the value may have */
	bool is_signed; /* printed as a signed number of that many bits */
};

/* What the *_INFO commands return. */
struct sysv_info {
	int max_index; /* highest index in use; 0 when there is none at all */
	unsigned long used_ids;
};

/* A System V kind: the kind, and what its three relatives do differently. */
struct sysv {
	struct kind kind;
	const char *proc_path;
	const struct sysv_column *columns; /* beside the common ones; ends with NULL */
	facts_t stat_facts; /* those that the ctl call gives */

	/* The state of the kind's table.  0, or -1 with the errno of the ctl call. */
	int (*info)(struct sysv_info *info);

	/* Reads the object at an index by *_STAT_ANY, which needs no read permission.
	 * 0, or -1 with the errno of the ctl call: EINVAL for an unused index. */
	int (*stat_index)(int index, struct object *o);
};

extern const struct sysv sysv_shm;
extern const struct sysv sysv_sem;
extern const struct sysv sysv_msg;

/* The System V part of a kind that is a System V one. */
const struct sysv *sysv_of(const struct kind *kind);

/* The columns that all three files have; ends with a name of NULL. */
extern const struct sysv_column sysv_common_columns[];

/* Stores the facts of a struct ipc_perm. */
struct ipc_perm;
void sysv_set_perm(struct object *o, const struct ipc_perm *perm);

/* Facts that every System V object has. */
#define SYSV_FACTS                                                                    \
	(FACT(ID) | FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) | FACT(CUID) |      \
	 FACT(CGID) | FACT(CTIME))

#endif
