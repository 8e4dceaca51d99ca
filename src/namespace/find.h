/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_FIND_H
#define NAMESPACE_FIND_H

#include <stddef.h>

#include "namespace/file.h"

/* An IPC namespace.  What is known of its processes is as ipctool sees them, without
 * ipctool itself. */
struct namespace
{
	struct ns_file file; /* its fd is -1 if it could not be opened */
	int error; /* errno why not, or 0 */
	size_t nprocs; /* processes that have a thread in it */
	pid_t pid; /* the oldest of these, or 0 */
	pid_t tid; /* the thread of that process that is in it */
	uint64_t start; /* of that process, in ticks since boot */
	char command[16]; /* its name */
	char **kept; /* what keeps it alive: "process", "thread:PID/TID", "mount:/PATH"
		      * and "fd:PID/N", each once; NULL for none */
	size_t kept_count;
	void *kept_tree; /* the same, for tsearch(3); it owns them */
};

/* A process, and the namespace that its main thread is in. */
struct ns_member {
	pid_t pid;
	size_t place; /* of the namespace in the list */
};

/* What ipctool has found of the machine's namespaces.  Each is opened once and stays
 * open, so none of them can end.  Places in the list do not change. */
struct namespaces {
	struct namespace *list;
	size_t count;
	size_t own; /* the place of that in which ipctool started; SIZE_MAX if it could
		     * not be opened */
	int own_error; /* errno why not */
	size_t current; /* the place of that in which ipctool is now */
	struct ns_member *members; /* all processes that could be examined but ipctool
				    * and kernel threads */
	size_t members_count;
	size_t unexamined; /* processes that could not be examined */
	bool is_hidden; /* /proc hides processes of other users */
	bool is_full; /* no more files can be open, so namespaces are missing */
	int error; /* errno why /proc could not be read, or 0 */
};

/* Starts with the namespace of ipctool.  namespaces_free() releases it. */
void namespaces_start(struct namespaces *all);

/*
 * Finds the namespaces of all tasks, and so the members.  Those that end meanwhile are
 * passed over.
 */
void namespaces_find_tasks(struct namespaces *all);

/*
 * After that, finds those that are mounted in the mount namespace of a member, and those
 * that a member has open; this is expensive.  A namespace that only an attached segment,
 * an open file of /proc/sysvipc or a descriptor in flight keeps alive cannot be found.
 */
void namespaces_find_kept(struct namespaces *all);

/*
 * The place of the namespace of a file, which is added unless it is in the list already.
 * 0, or -1 with errno as of ns_file_open().
 */
int namespaces_add_path(struct namespaces *all, const char *path, size_t *place);

/* The namespace with this inode number, or NULL. */
struct namespace *namespaces_with(const struct namespaces *all, ino_t inode);

/* Whether only ipctool keeps the namespace at this place, which then ends with it.  After
 * namespaces_find_kept(). */
bool namespaces_is_only_ours(const struct namespaces *all, size_t place);

void namespaces_free(struct namespaces *all);

#endif
