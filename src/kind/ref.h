/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_REF_H
#define KIND_REF_H

#include "kind/kind.h"
#include "lib/buf.h"

/* A reference, which names one object. */
struct ref {
	const struct kind *kind;
	bool by_key; /* number is a key, not an id */
	uint64_t number;
};

enum { REFS_MAX = 2 }; /* an object has a number, and may have a key */

/* Parses a reference such as "shm:32769" or "shm:0x52e2c1".  0, or -1 with the cause,
 * which includes the valid form. */
int ref_parse(const char *text, struct ref *ref, struct buf *cause);

enum { REF_SIZE = 32 }; /* bytes of the text of a reference, with its NUL */

/* The order of two references, for qsort(3) and bsearch(3); 0 if they are equal. */
int ref_compare(const struct ref *a, const struct ref *b);

/* Whether a reference names the object. */
bool ref_is_of(const struct ref *ref, const struct object *o);

/* Writes the reference of an object, such as "shm:32769". */
void ref_text(const struct object *o, char text[REF_SIZE]);

#endif
