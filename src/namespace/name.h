/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_NAME_H
#define NAMESPACE_NAME_H

#include "namespace/container.h"
#include "namespace/find.h"

/* How a namespace is named, NS. */
enum ns_form {
	NS_PID, /* that of a process */
	NS_INODE, /* the inode number, and the id if has_id is set */
	NS_PATH, /* a file, /proc/PID/ns/ipc or a mount of it */
	NS_CONTAINER, /* a container; MANAGER_NONE stands for any that has an id */
	NS_POD, /* the pod with the UID in text */
};

struct ns_name {
	enum ns_form form;
	pid_t pid;
	ino_t inode;
	bool has_id;
	uint64_t id;
	enum manager manager;
	bool has_user; /* the container is that of a user */
	uid_t user;
	char *text; /* the path, the name, or the first digits of the id; or NULL */
};

/* Parses NS.  0, or -1 with the cause, which names the text.  ns_name_free() releases the
 * name in any case. */
int ns_name_parse(const char *text, struct ns_name *name, struct buf *cause);
void ns_name_free(struct ns_name *name);

/* The result of looking for a namespace. */
enum ns_found {
	NS_FOUND,
	NS_MISSING, /* there is none, or it is gone */
	NS_REFUSED, /* it cannot be examined, the name means several namespaces, or the
		     * file is no IPC namespace */
};

/*
 * Looks for a namespace, and stores its place in the list.  For the forms other than
 * NS_PID and NS_PATH, namespaces_find_tasks() must have filled the list, and for NS_INODE
 * namespaces_find_kept() as well, unless a task is in it.  text is the name as typed, for
 * the cause; subject, unless it is NULL, starts a cause that does not name the
 * namespace.  reads tells that the caller changes nothing: then the container of another
 * user, which could bear any name, is found if no other matches.
 */
enum ns_found ns_name_find(const struct ns_name *name, const char *text,
	const char *subject, bool reads, struct namespaces *all, size_t *place,
	struct buf *cause);

#endif
