/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_LABEL_H
#define KIND_LABEL_H

#include <stddef.h>

/* The texts of an object that has a name instead of an id. */
struct label {
	const char *ref; /* the whole reference, "pshm:/name" */
	const char *name; /* as programs pass it, without escapes; NULL if the object has
			   * no name any more */
	const char *path; /* of the file; NULL as well */
};

/* A copy, or NULL of NULL.  The caller owns it, and passes it to free(3). */
struct label *label_copy(const struct label *label);

/* The bytes that a copy takes, and a copy in the given place, which has room for them and
 * is aligned for a label. */
size_t label_size(const struct label *label);
void label_put(const struct label *label, void *place);

#endif
