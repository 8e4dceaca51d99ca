/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_LABEL_H
#define KIND_LABEL_H

#include <stddef.h>

/* The texts of an object that has a name instead of an id. */
struct label {
	const char *ref; /* the reference within its IPC namespace, "pshm:/name" */
	const char *shown; /* the same with its namespace, "pshm:/name@INODE.ID"; NULL if
			    * references do not name it */
	const char *name; /* as programs pass it, without escapes; NULL if the object has
			   * no name any more */
	const char *path; /* of the file; NULL as well */
};

struct ipcns;

/* A copy, or NULL of NULL.  The caller owns it, and passes it to free(3). */
struct label *label_copy(const struct label *label);

/* The same for an object in a namespace, which its reference names. */
struct label *label_copy_in(const struct label *label, const struct ipcns *ns);

/* The bytes that a copy takes, and a copy in the given place, which has room for them and
 * is aligned for a label. */
size_t label_size(const struct label *label);
void label_put(const struct label *label, void *place);

#endif
