/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_USAGE_H
#define REPORT_USAGE_H

#include "kind/ipcns.h"
#include "kind/kind.h"
#include "kind/limit.h"
#include "lib/buf.h"

enum { USAGE_TOP = 5 }; /* number of owners to name */

/* The usage of a limit of the kernel, and its main users. */
struct usage {
	const struct kind *kind;
	size_t place; /* index in the limits of the kind */
	struct limit limit;
	const struct ipcns *ns; /* the IPC namespace, as of objects, or NULL */
	bool owners_known; /* owners have shares in the limit, and they could be read */
	size_t owners_count;
	struct {
		uid_t uid;
		uint64_t used;
	} owners[USAGE_TOP]; /* those with the largest shares, the largest first */
};

/*
 * Reads the limits of a kind, without the owners.  Returns their number, at most
 * LIMITS_MAX, or with the cause -1 if they cannot be read, or SOURCE_UNUSABLE.
 */
int usage_read(const struct kind *kind, struct usage *usages, struct buf *cause);

/*
 * Reads the objects of a kind, and finds the main users of these resources.  If an owner
 * cannot be read, the owners of the resource are unknown.  Also adds up the resident
 * bytes of the objects if the total of the kernel is not reliable.  Calls problem() with
 * a message for each problem; returns their number.
 */
size_t usage_find_owners(const struct kind *kind, struct usage *usages, int count,
	void (*problem)(const char *text));

/* Appends the name of a resource, as messages have it: "SHMMNI", or "SHMMNI of INODE.ID"
 * if output names the IPC namespace. */
void usage_put_name(const struct usage *u, struct buf *text);

/* Appends a message that the owners of this number of objects could not be read. */
void usage_put_missing(
	const struct kind *kind, size_t missing, const char *why, struct buf *text);

#endif
