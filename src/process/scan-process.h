/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_SCAN_PROCESS_H
#define PROCESS_SCAN_PROCESS_H

#include <sys/stat.h>

#include "process/maps.h"
#include "process/proc.h"
#include "process/scan.h"

/* The inside of a scan, and its look at one process.  Only scan.c and scan-process.c
 * use it. */

enum { SCAN_PASSES = 100 }; /* each costs little, and most find nothing that has ended */

/* A number among the entries of a directory of /proc: a process, or a thread. */
struct entry {
	pid_t pid;
	uint64_t inode;
};

struct entries {
	struct entry *list;
	size_t count;
};

struct scan {
	const struct context *context;
	unsigned what;
	bool done;
	uint64_t began;
	struct stat ours; /* our IPC namespace */
	struct scan_proc *procs; /* ordered by pid */
	size_t count;
	size_t sorted; /* the first so many are in order; those of this pass follow */
	uint32_t *ids; /* of all processes */
	size_t ids_count, ids_room;
	struct use *uses;
	size_t uses_count;
	struct maps_sink maps;
	struct proc_ids buffer; /* to read ids into */
	struct scan_waiting waiting;
	size_t hidden; /* processes that could not be looked at */
	int error; /* of the last look that was denied or failed */
	bool left; /* a process or a thread has ended since the pass began */
	struct buf incomplete; /* the first reason */
	pid_t *ancestors; /* ipctool itself first */
	size_t ancestors_count;
};

/*
 * Reads the numbers among the names in a directory of /proc.  0, or -1 with errno: what
 * was read until then is not the end.  The list belongs to the caller.
 */
int scan_read_entries(const char *path, struct entries *e);

/* Notes a use, which is an argument of a maps_sink; scan is the struct scan. */
void scan_add_use(const struct use *use, void *scan);

/* Notes why the scan is incomplete; the first reason is the one that is told. */
void scan_note_incomplete(struct scan *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether an id is among some of the scan. */
bool scan_has_id(const struct scan *s, size_t first, unsigned count, uint32_t id);

/* Looks at a process of which the pid is known, and fills the rest of p.  Whether it
 * was still there at the end; what could not be read makes the scan incomplete, or the
 * process hidden. */
bool scan_process(struct scan *s, struct scan_proc *p);

#endif
