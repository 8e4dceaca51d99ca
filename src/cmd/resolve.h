/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_RESOLVE_H
#define CMD_RESOLVE_H

#include "cli/operands.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "kind/source.h"

/* An object that a command is to work on. */
struct target {
	const char *text; /* as the user named it; not owned */
	struct object object;
};

/* All of them, each once, in the order in which they were named. */
struct targets {
	struct source_options source; /* set before: where to look for them */
	/* Set before: where to note why facts could not be read; may be NULL. */
	struct buf *unread;
	/* Set before: is told of each object that is not there; may be NULL. */
	void (*missing)(void *arg, const char *text);
	void *arg;

	struct target *list;
	size_t count;
};

/*
 * Finds the objects that the operands name and reads these facts of them.  Says which are
 * not there, unless that is no matter, and which cannot be read; the status is
 * STATUS_SOME then.
 */
enum status targets_find(struct targets *t, const struct opt_operands *operands,
	facts_t wanted, bool missing_is_fine);

void targets_free(struct targets *t);

/* The same for a command that works on one object.  STATUS_OK if it was found. */
enum status resolve_one(
	const struct opt_target *t, facts_t wanted, struct target *target);

#endif
