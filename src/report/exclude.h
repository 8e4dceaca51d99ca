/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_EXCLUDE_H
#define REPORT_EXCLUDE_H

#include "kind/object.h"
#include "lib/buf.h"

/* Objects that are never selected: by reference, owner, group or key. */
struct exclusions {
	struct exclusion *list;
	size_t count;
};

#define EXCLUSION_FORM "a reference such as shm:2, user:NAME, group:NAME or key:KEY"

/* Adds an exclusion in the form of EXCLUSION_FORM; key:private means the objects without
 * a key.  0, or -1 with the cause. */
int exclusions_add(struct exclusions *e, const char *text, struct buf *cause);

/*
 * Adds the exclusions in a file, one on each line.  Blanks around them, empty lines and
 * lines that start with # are ignored.  0, also if there is no such file; or -1 with the
 * cause, which names the file and the line.
 */
int exclusions_read(struct exclusions *e, const char *path, struct buf *cause);

/* Whether an object is excluded; its id, key, owner and group must be known. */
bool exclusions_have(const struct exclusions *e, const struct object *o);

#define EXCLUSION_FACTS (FACT(ID) | FACT(KEY) | FACT(UID) | FACT(GID))

void exclusions_free(struct exclusions *e);

#endif
