/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_SOURCE_PROC_H
#define SYSV_SOURCE_PROC_H

#include "lib/buf.h"
#include "sysv/sysv.h"

/* Reads a file of /proc/sysvipc, whose columns are found by the names in its heading. */
struct proc_reader;

/*
 * Opens the file at path as one of this kind.  NULL with a cause: errno's text, or what
 * is wrong with the heading.  *error is the errno, 0 when it was the file itself.
 */
struct proc_reader *proc_open(
	const struct sysv *sysv, const char *path, struct buf *cause, int *error);

/* The facts that the file has, and when it was written. */
facts_t proc_facts(const struct proc_reader *r);
time_t proc_time(const struct proc_reader *r);

/*
 * Reads the next row.  1, 0 at the end, -1 for a row that is not one (to be called again:
 * the row has been passed over), -2 when the file cannot be read further.  After -1 and
 * -2 proc_problem() tells what was wrong, with the file's name and line.
 */
int proc_next(struct proc_reader *r, struct object *o);
const char *proc_problem(struct proc_reader *r);

void proc_close(struct proc_reader *r);

#endif
