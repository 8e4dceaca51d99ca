/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NAMESPACE_CONTAINER_H
#define NAMESPACE_CONTAINER_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/buf.h"

/* What runs a process, by the path of its cgroup. */
enum manager {
	MANAGER_NONE, /* the path has no known form */
	MANAGER_DOCKER,
	MANAGER_PODMAN,
	MANAGER_CONTAINERD,
	MANAGER_CRIO,
	MANAGER_LXC,
	MANAGER_MACHINE,
	MANAGER_UNIT, /* a unit of systemd, which is no container */
};

enum { CONTAINER_ID = 64 }; /* hexadecimal digits of the id of a container */

struct container {
	enum manager manager;
	char name[256]; /* the id of CONTAINER_ID digits, or a name */
	char pod[64]; /* the UID of the pod, or empty */
	bool is_of_user; /* Any user can make such a path; it counts as that user's. */
	uid_t user;
};

/*
 * Finds the container in a path of the cgroup file system.  The path must match from its
 * beginning, because a user who may make cgroups below another one can give them any
 * names.  The rest of the path does not matter.
 */
void container_parse(const char *path, struct container *c);

/* The same for the content of a /proc/PID/cgroup: the path of cgroup2, unless that is the
 * root; then that of the hierarchy name=systemd; then the longest. */
void container_parse_all(const char *text, struct container *c);

/* The same for a process.  0, or -1 with errno. */
int container_read(pid_t pid, struct container *c);

/* Whether the caller sees the paths from the root: it is in no cgroup namespace of its
 * own. */
bool container_sees_all(void);

/*
 * Finds the container of a namespace, which is that of its oldest process; MANAGER_NONE
 * for the initial namespace, and for one without processes.  0, or -1 if it is unknown:
 * errno is 0 if ipctool is in a cgroup namespace of its own.
 */
struct namespace;
int container_of_namespace(const struct namespace *ns, struct container *c);

/* What precedes the name, as "docker"; NULL for MANAGER_NONE. */
const char *container_word(enum manager manager);

/* The manager of a word of len bytes, or MANAGER_NONE. */
enum manager container_manager(const char *word, size_t len);

/* Whether containers of the manager have ids. */
bool container_has_id(enum manager manager);

/* Appends the container, as "docker:3f2a9c0b11de"; if brief is set, with the first 12
 * digits of an id. */
void container_put(const struct container *c, bool brief, struct buf *b);

/* Appends the container of a namespace with this inode number as output has it: "host"
 * for the initial one.  False if there is none. */
bool container_put_of(ino_t inode, const struct container *c, bool brief, struct buf *b);

#endif
