/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_READ_H
#define WAITS_READ_H

#include "lib/buf.h"
#include "waits/world.h"

/*
 * Reads all processes and threads from /proc: what each thread does, and the facts of its
 * process.  What the threads wait for is not resolved yet.  0, or -1 with errno if /proc
 * cannot be read at all.
 */
int read_world(struct world *w);

/* Reads a thread again.  Returns whether it is still in the same call, has not run in
 * between, and its process has as many threads as before. */
bool read_again(const struct world *w, const struct thread *t);

/* Whether there are processes now that the world does not have.  Also true if that cannot
 * be read. */
bool read_has_new(const struct world *w);

/*
 * Reads memory of a thread.  Returns whether all of it was read.
 */
bool read_memory(pid_t tid, uint64_t address, void *to, size_t size);

/* Appends a file of a process, such as "fdinfo/3"; the directory of a living thread is
 * used if the main one has ended.  0, or -1 with errno. */
int read_file(const struct world *w, const struct process *p, const char *name,
	struct buf *text);

/* The directory of a process below /proc, of a thread that lives. */
enum { READ_PATH = 96 };
void read_path(char path[READ_PATH], const struct world *w, const struct process *p,
	const char *name);

/* The text after a label at the start of a line, such as "Uid:\t"; NULL if there is
 * none. */
const char *read_label(const char *text, const char *label);

#endif
