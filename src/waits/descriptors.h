/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_DESCRIPTORS_H
#define WAITS_DESCRIPTORS_H

#include "lib/buf.h"
#include "waits/read.h"
#include "waits/world.h"

/*
 * The descriptors of all processes, from their links and fdinfo (proc_pid_fd(5),
 * proc_pid_fdinfo(5)).  Nothing is opened, and no link is followed: opening a FIFO would
 * release a thread that waits for that, and stat(2) could hang with a file server.
 */
struct descriptors;

/* A descriptor. */
struct descriptor {
	size_t process; /* index */
	int fd;
	uint64_t device; /* of a file: of its mount, or a number that stands for it */
	uint64_t inode;
};

/* Nothing is read before the first question.  The world must stay valid; its "unread" is
 * increased for each process of which not all descriptors can be read. */
struct descriptors *descriptors_new(struct world *w);
void descriptors_free(struct descriptors *d);

/* The descriptors of a pipe, by process; d owns them. */
const struct descriptor *descriptors_of_pipe(
	struct descriptors *d, uint64_t inode, size_t *count);

/* The descriptors of a file; d owns them. */
const struct descriptor *descriptors_of_file(
	struct descriptors *d, uint64_t device, uint64_t inode, size_t *count);

/*
 * The descriptors of a POSIX queue; d owns them.  The mount of what mq_open(3) opens is
 * another one than that of /dev/mqueue, but no two queues have the same inode.  Others
 * than queues can be among them; these have another name.
 */
const struct descriptor *descriptors_of_queue(
	struct descriptors *d, uint64_t inode, size_t *count);

/* The path of a descriptor below /proc: dir is "fd" or "fdinfo". */
void descriptor_path(char path[READ_PATH], const struct world *w, size_t process,
	const char *dir, int fd);

/* Reads a link.  0, or -1 with errno. */
int descriptor_read_link(const char *path, struct buf *link);

/* Whether a descriptor can read, or write. */
bool descriptor_has(const struct world *w, const struct descriptor *one, bool write);

/* What a descriptor of a thread is: the text of its link.  0, or -1 with errno. */
int descriptor_link(
	const struct world *w, const struct thread *t, int fd, struct buf *link);

/* The inode of a link "pipe:[2586622]".  Returns whether it is one. */
bool descriptor_is_pipe(const char *link, uint64_t *inode);

/* Device and inode of the file of a descriptor; flags as of open(2).  0, or -1 with
 * errno. */
int descriptor_file(struct descriptors *d, const struct thread *t, int fd,
	struct descriptor *file, unsigned *flags);

/* Appends the fdinfo of a descriptor.  0, or -1 with errno. */
int descriptor_info(
	const struct world *w, const struct descriptor *one, struct buf *text);

/* Whether a file can be looked at without asking a server or a program. */
bool descriptor_is_local(const struct descriptors *d, const struct descriptor *file);

/* Whether a descriptor of a local file is one of a FIFO. */
bool descriptor_is_fifo(const struct world *w, const struct thread *t, int fd);

/* Whether a pipe or FIFO is empty, for one who reads, or full, for one who writes.  1, 0,
 * or -1 with errno. */
int descriptor_lacks(const struct world *w, const struct thread *t, int fd, bool data);

/*
 * The bytes in a pipe or FIFO that is full, and its capacity.  0, or -1 with errno.  Of
 * one that is not full this could wait for ever: splice(2) keeps the pipe locked while it
 * waits for what it puts there.
 */
int descriptor_fill(
	const struct world *w, const struct thread *t, int fd, int *bytes, int *capacity);

/* Whether a thread has another table of descriptors than its process, which was read; as
 * kcmp(2), 0 if not, negative if it is not known. */
int descriptors_are_separate(const struct world *w, const struct thread *t);

/* Looks for descriptors that are in no table that was read: in transit in a UNIX
 * socket, in a table of one thread only, or registered with io_uring.  Sets the members
 * of the world. */
void descriptors_find_hidden(struct descriptors *d);

/* Calls take() with each descriptor of a process and its link.  0, or -1 with errno if
 * some could not be read. */
int descriptors_each(const struct world *w, size_t process,
	void (*take)(void *arg, int fd, const char *link), void *arg);

#endif
