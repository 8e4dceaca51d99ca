/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_NAMING_H
#define PROCESS_NAMING_H

#include "lib/buf.h"
#include "process/scan.h"

/* Text for processes, times and durations in messages and reasons. */

enum { NAMED_MAX = 3 }; /* processes of a list that are named */

/* Appends before and "4711 (postgres)".  The name is left out if it cannot be read, or if
 * /proc does not show our PID namespace. */
void naming_process(
	const struct context *c, pid_t pid, const char *before, struct buf *b);

/* Appends ": 4711 (postgres), 4712 (postgres) and 7 more", or nothing. */
void naming_users(
	const struct context *c, const struct use *uses, size_t count, struct buf *b);

/* Appends "4711 (postgres), 4712 (postgres) and 7 more". */
void naming_list(
	const struct context *c, const struct use *uses, size_t count, struct buf *b);

/* The number of processes of these uses, which are sorted by process. */
size_t naming_count(const struct use *uses, size_t count);

/* Appends "1 process waits on it" or "2 processes wait on it". */
void naming_waiting(const struct use *uses, size_t count, struct buf *b);

/* Appends "2 processes attached: 4711 (postgres), 4712 (postgres)" for a segment. */
void naming_attached(const struct context *c, struct scan *scan, const struct object *o,
	struct buf *b);

/* Appends "90 s", "25 min", "3 h" or "4 d". */
void naming_duration(uint64_t seconds, struct buf *b);

/* Appends "10:02", or "2026-11-22 10:02" if it is on another day, in local time. */
void naming_time(time_t when, struct buf *b);

#endif
