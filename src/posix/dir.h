/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_DIR_H
#define POSIX_DIR_H

#include <stdbool.h>
#include <sys/stat.h>

#include "kind/source.h"
#include "posix/posix.h"

/* A directory of objects. */
struct posix_dir {
	int fd;
	struct stat st;
	bool is_shown; /* The place of the kind shows its files to the caller.  If not,
			* their paths would be misleading, and are null. */
	bool has_devices; /* It may have: a process of a container may make them.  So each
			   * file is looked at before it is opened. */
	bool may_open; /* its files may be opened, struct ipcns_shm; else posix_open() and
			* the like fail with EPERM */
};

/*
 * Opens /dev/shm: the caller's, or that of the IPC namespace that ipctool works in,
 * ipcns_now().  If the caller's is not on a tmpfs, creation times and leases may be
 * missing: then this calls warn() of the options, or fails if objects are to be changed.
 * The options may be NULL.  Returns 0, or with the cause and errno -1, or SOURCE_UNUSABLE
 * if that is so for all objects.
 */
int posix_dir_open(
	struct posix_dir *dir, const struct source_options *options, struct buf *cause);
void posix_dir_close(struct posix_dir *dir);

/* Where that directory is, for messages. */
const char *posix_shm_path(void);

/* Whether the file system of the open directory is shown from its root: only then all
 * files that have names are below the directory.  1, 0, or -1 with errno. */
int posix_shm_is_whole(const struct posix_dir *dir);

/* What precedes a command that has to see it as /dev/shm; NULL if the caller does. */
const char *posix_shm_entering(void);

/* Why a file is not opened if that is not permitted. */
#define POSIX_NOT_OPENED \
	"the mounts there belong to another user, so that no file is opened"

/*
 * Reads the file of this name relative to a descriptor, or at an absolute path.  follows
 * tells whether a link is followed, as those of /proc are.  Stores what it is in *type
 * (S_IFREG ...), and if it is a regular file its facts, without the name.
 * Returns 1, 0 if there is none, or -1 with errno.
 */
int posix_read_file(int fd, const char *file, bool follows, facts_t wanted,
	struct object *o, mode_t *type);

/*
 * Opens the file of an object for reading, and checks that it is still that object.
 * Never opens anything but a regular file.  Returns the descriptor, or -1 with errno:
 * ESTALE if it is another file, EAGAIN while another process holds a lease on it.
 */
int posix_open(const struct posix_dir *dir, const struct object *o);

/* The same for a file by its name in the directory, or by a link in /proc, an absolute
 * path, which is followed. */
int posix_open_file(
	const struct posix_dir *dir, const char *file, const struct object *o);

/* The same with another access mode than O_RDONLY. */
int posix_open_to(const struct posix_dir *dir, const struct object *o, int access);

/* Appends why posix_open_to() failed, by its errno. */
void posix_put_unopened(const struct object *o, int access, int error, struct buf *cause);

/*
 * Opens the file of an object for an operation on its contents, as posix_open_to(), and
 * stores what fstat(2) tells of it.  While another process holds a lease on it, as an
 * ipctool may for a moment, waits for one second.  Returns the descriptor, or -1 with
 * errno and the cause.
 */
int posix_open_contents(
	const struct object *o, int access, struct stat *st, struct buf *cause);

/* The settings of message queues, mq_overview(7). */
#define MQUEUE_SYSCTLS "/proc/sys/fs/mqueue/"

/* Opens the directory of message queues, of the IPC namespace of the caller.  Returns as
 * posix_dir_open(). */
int mqueue_dir_open(
	struct posix_dir *dir, const struct source_options *options, struct buf *cause);

#endif
