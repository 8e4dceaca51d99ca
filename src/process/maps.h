/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_MAPS_H
#define PROCESS_MAPS_H

#include "kind/kind.h"
#include "lib/buf.h"
#include "process/scan.h"

/* The receiver of the mappings of objects. */
struct maps_sink {
	void (*found)(const struct use *use, void *data); /* called for each mapping */
	void *data;
	int unknown; /* the errno why mappings may be missing, or 0 */
	bool reads_lines; /* the kernel cannot be asked for single mappings */
	/* Found once and used again; maps_end() releases them: */
	struct devices *devices; /* of each kind */
	struct buf room; /* for reading */
};

/* Prepares a sink; the caller sets its first two members.  maps_end() releases what it
 * holds. */
void maps_start(struct maps_sink *sink);
void maps_end(struct maps_sink *sink);

/*
 * Finds the segments in the maps of a process, or of one of its threads, at a path
 * (proc_pid_maps(5)): by asking for the shared mappings of files where the kernel has
 * PROCMAP_QUERY, else by reading all lines.  Returns a positive number, 0 if the thread
 * has ended and has no maps, or -1 with errno.
 */
ssize_t maps_read(const char *path, pid_t pid, struct maps_sink *sink);

#endif
