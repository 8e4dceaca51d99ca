/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_SOURCE_STAT_H
#define SYSV_SOURCE_STAT_H

#include "sysv/sysv.h"

/* Walks the indexes of a kind's table with *_STAT_ANY. */
struct stat_walk {
	const struct sysv *sysv;
	int next;
	int last;
	unsigned long found; /* objects */
	unsigned long unused; /* indexes without an object */
	bool is_tried; /* how long a call takes has been measured */
	bool is_patient; /* walk to the end, even if the file would cost less */
	unsigned long denied; /* objects that the call failed for, mostly because of a
			 * security module */
	int error; /* errno of the last failure */
};

/* Starts a walk.  0, or -1 with the errno of the *_INFO call. */
int stat_start(struct stat_walk *w, const struct sysv *sysv);

/* Reads the next object.  Returns 1, 0 at the end, or -1 when reading the file costs
 * less: too many indexes are unused, or a call takes too long.  The walk can go on after
 * that. */
int stat_next(struct stat_walk *w, struct object *o);

#endif
