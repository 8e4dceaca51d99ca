/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_WAITS_VIEW_H
#define CMD_WAITS_VIEW_H

#include "cmd/cmd.h"
#include "waits/look.h"

/* What the user asks about: a process or an object. */
struct waits_operand {
	char *text; /* as typed */
	pid_t pid; /* or 0 */
	char *ref; /* of an object, as in the output; or NULL */
	const char *file; /* the type of one that is a file, "fifo" or "lock"; or NULL */
	uint64_t device, inode; /* of that */
	bool is_found;
};

/* What is shown, and what of it. */
struct waits_view {
	/* The request: */
	struct waits_operand *operands;
	size_t operands_count;
	bool has_operands; /* - may have named none */
	bool all; /* idle and mutual waits, too */
	bool each_thread; /* one line a thread */
	bool has_user;
	uid_t user;
	uint64_t least; /* seconds of waiting */

	/* The result: */
	struct look look;
	size_t *finding_of; /* of each thread: the index of a finding that is shown, or
			     * NONE */
	bool *shows_finding; /* of each finding */
	bool *shows_thread; /* of each thread: it is shown outside of findings */
	size_t idle; /* threads that wait for what is normal */
	size_t elsewhere; /* threads that wait in another IPC namespace */
};

/* Adds an operand.  0, or -1 with the cause: it is neither a process nor a reference. */
int waits_add_operand(struct waits_view *v, const char *text, struct buf *cause);

/* Says which operands were not found. */
enum status waits_find_operands(struct waits_view *v);

/* Determines for how long the threads have waited that may be shown, and chooses what is
 * shown. */
void waits_choose(struct waits_view *v);

/* Whether the operand is this thread's process, or what it waits on. */
bool waits_operand_is_of(
	const struct waits_view *v, const struct waits_operand *o, size_t thread);

void waits_view_free(struct waits_view *v);

/* Prints it for people. */
void waits_print_text(struct waits_view *v);

#endif
