/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_RESOLVE_H
#define CMD_RESOLVE_H

#include "cli/operands.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "kind/kept.h"
#include "kind/ref.h"
#include "kind/source.h"

/* An object for a command to work on. */
struct target {
	const char *text; /* as typed by the user, or else its reference */
	struct object object;
	char room[REF_SIZE]; /* for the text */
};

/* The same in less memory: there may be many. */
struct kept_target {
	const char *text; /* as typed by the user, not owned; NULL if conditions chose the
			   * object among those of a type */
	struct kept *object;
};

/* The objects, each once, in the order given. */
struct targets {
	struct source_options source; /* set before: where to read them */
	/* Set before: collects why facts could not be read; may be NULL. */
	struct buf *unread;
	/* Set before: called for each object that does not exist; may be NULL. */
	void (*missing)(void *arg, const char *text);
	void *arg;

	struct kept_target *list;
	size_t count;
};

/*
 * Finds the objects that the operands name, and reads these facts of them.  Says which do
 * not exist, unless that is to be ignored, and which cannot be read; then the status is
 * STATUS_SOME.
 */
enum status targets_find(struct targets *t, const struct opt_operands *operands,
	facts_t wanted, bool missing_is_fine);

/* Adds a copy of an object. */
void targets_add(struct targets *t, const char *text, const struct object *o);

/* Restores target i, which is valid until targets_drop() or targets_free(). */
void targets_get(const struct targets *t, size_t i, struct target *target);

/* Releases the object of target i, which is not needed any more. */
void targets_drop(struct targets *t, size_t i);

void targets_free(struct targets *t);

/* Enters the namespace of one object to operate on, and finds the object, whose label is
 * that of the operand.  reads tells that it will not be changed.  STATUS_OK if it was
 * found. */
enum status resolve_one(
	struct opt_target *t, facts_t wanted, bool reads, struct target *target);

#endif
