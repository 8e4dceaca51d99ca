/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_RESOLVE_H
#define CMD_RESOLVE_H

#include "cli/operands.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "kind/source.h"

/* An object for a command to work on. */
struct target {
	const char *text; /* as typed by the user; not owned */
	bool by_type; /* conditions chose it among the objects of a type */
	struct object object;
};

/* The objects, each once, in the order given. */
struct targets {
	struct source_options source; /* set before: where to read them */
	/* Set before: collects why facts could not be read; may be NULL. */
	struct buf *unread;
	/* Set before: called for each object that does not exist; may be NULL. */
	void (*missing)(void *arg, const char *text);
	void *arg;

	struct target *list;
	size_t count;
};

/*
 * Finds the objects that the operands name, and reads these facts of them.  Says which do
 * not exist, unless that is to be ignored, and which cannot be read; then the status is
 * STATUS_SOME.
 */
enum status targets_find(struct targets *t, const struct opt_operands *operands,
	facts_t wanted, bool missing_is_fine);

void targets_free(struct targets *t);

/* The same for one object, which is to be operated on.  STATUS_OK if it was found. */
enum status resolve_one(
	const struct opt_target *t, facts_t wanted, struct target *target);

#endif
