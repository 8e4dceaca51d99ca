/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_MOUNTS_H
#define PROCESS_MOUNTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

/* A line of proc_pid_mountinfo(5), "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE
 * SOURCE ...".  A text is NULL if the line is malformed. */
struct mount_line {
	uint64_t id; /* that proc_pid_fdinfo(5) tells of a file on the mount */
	dev_t device;
	const char *root; /* what of the file system is mounted; with escapes */
	size_t root_len;
	const char *point; /* where, below the root directory of the process; with
			    * escapes */
	size_t point_len;
	const char *type; /* of the file system */
	size_t type_len;
};

/* Parses the line at *at, and moves *at to the next one.  Returns 1, or 0 at the end. */
int mounts_next(const char **at, struct mount_line *line);

/* Appends the path of a line without its escapes. */
void mounts_put_path(const char *path, size_t len, struct buf *b);

/* The mounts of our mount namespace, proc_pid_mountinfo(5), followed by those of the
 * process that shows the /dev/shm of the current IPC namespace, if that is not ours. */
struct mounts {
	bool read;
	int error; /* errno why they could not be read, or 0 */
	struct buf text;
};

/* Whether a file of this name in a file system is mounted somewhere itself; one in
 * another directory counts, too.  1, 0, or -1 with errno if that cannot be determined. */
int mounts_have_file(struct mounts *m, dev_t device, const char *name);

/* Whether a mount at this path shows a file system from its root: one that shows a
 * directory of it, as a bind mount may, does not.  1, 0, or -1 with errno. */
int mounts_show_root(struct mounts *m, dev_t device, const char *path);

/* Appends the type of the file system of a device, "tmpfs", or "unknown". */
void mounts_put_type(struct mounts *m, dev_t device, struct buf *b);

void mounts_free(struct mounts *m);

#endif
