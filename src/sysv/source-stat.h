/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_SOURCE_STAT_H
#define SYSV_SOURCE_STAT_H

#include "sysv/sysv.h"

/* Walks the indexes of a kind's table with *_STAT_ANY. */
struct stat_walk {
	const struct sysv *sysv;
	int next;
	int last;
	unsigned long
		denied; /* objects that it failed for, mostly by a security module */
	int error; /* why, of the last one */
};

/* Starts a walk.  0, or -1 with the errno of the *_INFO call. */
int stat_start(struct stat_walk *w, const struct sysv *sysv);

/* Reads the next object.  1, or 0 when there is none left. */
int stat_next(struct stat_walk *w, struct object *o);

#endif
