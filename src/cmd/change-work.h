/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_CHANGE_WORK_H
#define CMD_CHANGE_WORK_H

#include "cmd/change.h"
#include "lib/buf.h"

/* The semaphores of a set, by number; NULL unless their values are to change. */
struct change_sems {
	int *values; /* new values, or -1 where none was named */
	int *old_values; /* old values, or -1 if unknown */
	uint16_t *all; /* buffer for the values of all semaphores */
};

/* The change of one object. */
struct change_work {
	const struct change *opt;
	const struct target *target;
	struct object old;
	const char *unread; /* why facts of it could not be read */
	struct object granted; /* with the mode while the values are set */
	struct object wanted; /* with the new mode, owner, group and qbytes */
	struct change_sems sems;
	struct buf done; /* text of the changes */
	size_t made; /* bytes of it for changes made; the rest is being tried */
	struct buf cause; /* why a change failed */
};

/* Starts the note of a change, which is to be appended to the buffer returned.  It is
 * written before the change is made, so that nothing is allocated after it. */
struct buf *change_note(struct change_work *w);

/* Keeps the note of a change that was made, or drops that of one that failed. */
void change_keep_notes(struct change_work *w, bool made);

#endif
