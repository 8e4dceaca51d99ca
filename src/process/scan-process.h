/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_SCAN_PROCESS_H
#define PROCESS_SCAN_PROCESS_H

#include <sys/stat.h>

#include "process/entries.h"
#include "process/files.h"
#include "process/maps.h"
#include "process/proc.h"
#include "process/scan.h"

/* The internals of a scan, and the examination of one process.  Only scan.c and
 * scan-process.c use this header. */

/* A file that a process has mapped, and where. */
struct mapping {
	struct use use;
	uint64_t from, to;
};

struct scan {
	const struct context *context;
	unsigned what;
	bool done;
	uint64_t began;
	struct stat ours; /* our IPC namespace */
	char name[16]; /* our own, as in struct proc */
	struct scan_proc *procs; /* sorted by pid */
	size_t count;
	size_t sorted; /* number of sorted elements; those of the current pass follow */
	uint32_t *ids; /* those of all processes */
	size_t ids_count, ids_room;
	struct use *uses;
	size_t uses_count;
	struct maps_sink maps;
	struct files_sink files;
	struct mapping *mappings; /* of the process that is examined */
	size_t mappings_count;
	dev_t *devices; /* whose files are found */
	size_t devices_count;
	struct proc_ids buffer; /* for reading ids */
	struct scan_waiting waiting;
	size_t hidden; /* processes that could not be examined */
	size_t closed; /* processes whose files could not be examined */
	int closed_error; /* why one could not, apart from a lack of permission, or 0 */
	bool hides; /* /proc hides processes */
	int error; /* of the last examination that was denied or failed */
	bool left; /* a process or thread has ended since the pass started */
	struct buf incomplete; /* the first reason */
	pid_t *ancestors; /* starting with ipctool itself */
	size_t ancestors_count;
};

/* Notes a use; fits the member "found" of a maps_sink, with the struct scan as data. */
void scan_add_use(const struct use *use, void *scan);

/* The same for "found" of a files_sink. */
void scan_add_file_use(const struct file_use *use, void *scan);

/* Notes why the scan is incomplete; only the first reason is kept. */
void scan_note_incomplete(struct scan *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether an id is in a range of the ids of the scan. */
bool scan_has_id(const struct scan *s, size_t first, unsigned count, uint32_t id);

/* Examines a process whose pid is in p, and fills the rest of p.  Returns whether the
 * process still existed at the end.  If something could not be read, the scan becomes
 * incomplete, or the process hidden. */
bool scan_process(struct scan *s, struct scan_proc *p);

#endif
