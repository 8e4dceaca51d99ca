/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SYSV_SOURCE_PROC_H
#define SYSV_SOURCE_PROC_H

#include "lib/buf.h"
#include "sysv/sysv.h"

/* Reads a file of /proc/sysvipc.  It finds the columns by the names in the heading. */
struct proc_reader;

/*
 * Opens the file at path as a file of this kind.  Returns NULL with the cause: the text
 * of errno, or the defect of the heading.  *error is the errno, or 0 for a defect of the
 * file.
 */
struct proc_reader *proc_open(
	const struct sysv *sysv, const char *path, struct buf *cause, int *error);

/* The facts in the file, and the time when it was written. */
facts_t proc_facts(const struct proc_reader *r);
time_t proc_time(const struct proc_reader *r);

/*
 * Reads the next row.  Returns 1, 0 at the end, -1 for a malformed row (which it skips,
 * so that the caller can continue), or -2 if the file cannot be read further.  After -1
 * and -2, proc_problem() returns the reason, with the name of the file and the line
 * number.
 */
int proc_next(struct proc_reader *r, struct object *o);
const char *proc_problem(struct proc_reader *r);

void proc_close(struct proc_reader *r);

#endif
