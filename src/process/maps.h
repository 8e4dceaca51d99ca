/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_MAPS_H
#define PROCESS_MAPS_H

#include "lib/buf.h"
#include "process/scan.h"

/* Where the mappings of objects go. */
struct maps_sink {
	void (*found)(const struct use *use, void *data); /* is called for each */
	void *data;
	int unknown; /* the errno why some may be missing, or 0: see match_mapping of
		      * kinds */
	struct buf
		room; /* to read into, which can be used again; buf_free() releases it */
};

/*
 * Reads the maps of a process, or of one of its threads, at a path (proc_pid_maps(5)).
 * Returns the bytes read, 0 where the thread has ended and has none, or -1 with errno.
 */
ssize_t maps_read(const char *path, pid_t pid, struct maps_sink *sink);

#endif
