/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_SOURCE_STAT_H
#define SYSV_SOURCE_STAT_H

#include "sysv/sysv.h"

/* Walks the indexes of a kind's table with *_STAT_ANY. */
struct stat_walk {
	const struct sysv *sysv;
	int next;
	int last;
	unsigned long denied; /* objects that the call failed for, mostly because of a
			 * security module */
	int error; /* errno of the last failure */
};

/* Starts a walk.  0, or -1 with the errno of the *_INFO call. */
int stat_start(struct stat_walk *w, const struct sysv *sysv);

/* Reads the next object.  Returns 1, or 0 at the end. */
int stat_next(struct stat_walk *w, struct object *o);

#endif
