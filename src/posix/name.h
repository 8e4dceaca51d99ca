/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_NAME_H
#define POSIX_NAME_H

#include "kind/label.h"
#include "lib/buf.h"
#include "posix/posix.h"

/*
 * The part of a reference after "TYPE:", /NAME, NAME or #INODE.  In a name each byte that
 * could mean something else to a shell, to a reader or to ipctool is written as %HH.
 * Returns 0, or -1 with the cause.
 */
int posix_parse_ref(const char *text, struct ref *ref, struct buf *cause);

/* Appends a name with its escapes. */
void posix_put_name(struct buf *b, const char *name);

/* Makes the label of an object from the name of its file, or without one from its inode.
 * What it points to is in room, whose content it replaces. */
void posix_label(const struct posix *posix, const char *file, uint64_t inode,
	struct label *label, struct buf *room);

/* Changes the type in the label of a reference by inode, which accepts pshm and psem for
 * the same object.  Their names have the same length. */
void posix_relabel(struct label *label, const struct posix *posix);

/* The name of the file of a label; it points into its path. */
const char *posix_file(const struct label *label);

/* The directories of the objects. */
#define POSIX_SHM "/dev/shm"
#define POSIX_MQUEUE "/dev/mqueue"

#endif
