/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STALE_H
#define STALE_H

#include "buf.h"
#include "object.h"
#include "scan.h"

enum stale {
	STALE_NO,
	STALE_YES,
	STALE_UNKNOWN, /* could not be judged */
};

/*
 * The one definition of stale, said only on evidence: every recorded process is known and
 * gone, nobody uses the object now, and it has not been active for grace seconds.  Besides:
 *
 *	shm	has been attached once
 *	sem	has a recorded process, and no process runs under the owner's uid
 *	msg	has a recorded process, every process could be looked at, and no process runs
 *		under the owner's uid
 *
 * What costs little is asked first, so the walk begins only when all the rest speaks for it.
 */
enum stale stale_judge(
	const struct object *o, struct scan *walk, time_t now, uint64_t grace);

/* What the walk must look at to judge objects of a kind. */
unsigned stale_needs(const struct kind *kind);

/* Appends why an object is stale: "last used by process 4711, which is gone". */
void stale_reason(const struct object *o, struct buf *reason);

#endif
