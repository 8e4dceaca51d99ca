/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_H
#define KIND_H

#include <stddef.h>

#include "object.h"

/* A flag in the mode above 0777, by the word that the state of an object has for it. */
struct kind_state {
	unsigned flag;
	const char *word;
};

/* A kind of IPC object.  What is said here holds for POSIX objects as well. */
struct kind {
	const char *name; /* "shm": the TYPE of the command line and of references */
	const char *title; /* "shared memory segments" */
	facts_t facts; /* all that its objects can have */
	enum fact use; /* what the table's USE counts ... */
	const char *use_one; /* ... and in which words, with a blank before them */
	const char *use_many;
	const char *columns; /* default fields of a table of this kind alone */
	const struct kind_state *states; /* ends with a flag of 0 */
};

/* Every kind, in the order in which they are listed. */
extern const struct kind *const kinds[];
extern const size_t kinds_count;

/* The kind of this name, or NULL. */
const struct kind *kind_by_name(const char *name);

/* The names of all kinds as "shm, sem, msg", for messages. */
const char *kind_names(void);

#endif
