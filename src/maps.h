/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAPS_H
#define MAPS_H

#include "scan.h"

/*
 * Reads the maps of a process, or of one of its threads, at a path (proc_pid_maps(5)) and
 * calls found for each mapping of an object, with data.  Returns the bytes read, 0 where the
 * thread has ended and has none, or -1 with errno.
 */
ssize_t maps_read(const char *path, pid_t pid,
	void (*found)(const struct use *use, void *data), void *data);

#endif
