/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_ENTRIES_H
#define PROCESS_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A number in a directory of /proc: a process, a thread or a descriptor. */
struct proc_entry {
	pid_t pid;
	uint64_t inode; /* of its file; it differs for another process with the same
			 * pid */
};

/* How often a list is read at most, because something in it has ended meanwhile: another
 * pass is cheap, and in most passes nothing has. */
enum { ENTRIES_PASSES = 100 };

struct entries {
	struct proc_entry *list;
	size_t count;
};

/* Reads the numbers among the names in a directory of /proc, and sorts them.  0, or -1
 * with errno if the list is not complete.  The caller frees the list. */
int entries_read(const char *path, struct entries *e);

/* Whether a list has an entry. */
bool entries_have(const struct entries *e, const struct proc_entry *wanted);

#endif
