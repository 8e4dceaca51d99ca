/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_REF_H
#define KIND_REF_H

#include "kind/kind.h"
#include "kind/label.h"
#include "lib/buf.h"

/* A reference, which names one object. */
struct ref {
	const struct kind *kind;
	bool by_key; /* number is a key, not an id */
	uint64_t number; /* what object_number() is for the object, or its key; unused if
			  * the label has a name */
	struct label *label; /* of a kind whose objects have names, else NULL; owned */
};

enum { REFS_MAX = 2 }; /* an object has a number, and may have a key */

/* Parses a reference such as "shm:32769" or "shm:0x52e2c1", without its namespace.  0, or
 * -1 with the cause, which includes the valid form. */
int ref_parse(const char *text, struct ref *ref, struct buf *cause);

/* The name of the namespace in a reference, what follows its '@'; NULL if it has none.
 * Names of objects contain no '@': it is escaped. */
const char *ref_namespace(const char *text);

/* Notes that the object of a reference is in a namespace, which its label names then. */
void ref_set_namespace(struct ref *ref, const struct ipcns *ns);

/* Releases what a reference owns. */
void ref_free(struct ref *ref);

enum { REF_SIZE = 48 }; /* bytes of the text of a reference by number, with its NUL */

/* The reference of an object, such as "shm:32769" or "shm:32769@INODE.ID": that of its
 * label, or else it is written to room. */
const char *ref_text(const struct object *o, char room[REF_SIZE]);

/* The order of two references, for qsort(3) and bsearch(3); 0 if they are equal. */
int ref_compare(const struct ref *a, const struct ref *b);

/* Whether a reference names the object. */
bool ref_is_of(const struct ref *ref, const struct object *o);

#endif
