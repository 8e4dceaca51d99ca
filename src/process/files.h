/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_FILES_H
#define PROCESS_FILES_H

#include <sys/types.h>

#include "lib/buf.h"
#include "process/scan.h"

/* A descriptor or a mapping of a process. */
struct file_use {
	struct use use;
	const char *path; /* below /proc; it leads to the file even if that has no name */
	const char *name; /* of a mapping: as proc_pid_maps(5) shows it; else NULL */
	uint64_t from, to; /* the addresses of a mapping, else 0 */
};

/* The receiver of what a process uses on some file systems. */
struct files_sink {
	const dev_t *devices;
	size_t count;
	void (*found)(const struct file_use *use, void *data);
	void *data;
	struct buf room; /* buffer for reading; buf_free() releases it */
};

/*
 * Finds the open descriptors of a process, also those that only some of its threads
 * have, and its mappings, of files on the file systems of the sink.  Descriptors that
 * only name a file (O_PATH) are no use of it.  Files are compared by device and inode,
 * because the name in proc_pid_maps(5) may be an older one.
 * 0, also if the process has ended, or -1 with errno.
 */
int files_read(pid_t pid, struct files_sink *sink);

/* Whether a device is one of those of the sink. */
bool files_are_on(const struct files_sink *sink, dev_t device);

#endif
