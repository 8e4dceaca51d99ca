/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_MAPS_H
#define PROCESS_MAPS_H

#include "lib/buf.h"
#include "process/scan.h"

/* The receiver of the mappings of objects. */
struct maps_sink {
	void (*found)(const struct use *use, void *data); /* called for each mapping */
	void *data;
	int unknown; /* the errno why mappings may be missing, or 0; see match_mapping
		      * of struct kind */
	bool reads_lines; /* the kernel cannot be asked for single mappings */
	struct buf room; /* buffer for reading, which may be reused; buf_free() releases
		       * it */
};

/*
 * Finds the segments in the maps of a process, or of one of its threads, at a path
 * (proc_pid_maps(5)): by asking for the shared mappings of files where the kernel has
 * PROCMAP_QUERY, else by reading all lines.  Returns a positive number, 0 if the thread
 * has ended and has no maps, or -1 with errno.
 */
ssize_t maps_read(const char *path, pid_t pid, struct maps_sink *sink);

#endif
