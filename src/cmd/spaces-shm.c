/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the objects of the namespaces of a command are that are files in /dev/shm. */

#include "cmd/spaces-shm.h"

#include <stddef.h>

#include "cli/ipc-ns.h"
#include "lib/message.h"

/* The kinds of such objects that a command works on in a space. */
static kinds_t
kinds_in_shm(const struct spaces *s, const struct space *space)
{
	kinds_t found = 0, asked = s->kinds | opt_operands_kinds(&space->operands);

	for (size_t i = 0; i < kinds_count; i++)
		if ((asked & KIND_BIT(i)) && kinds[i]->is_in_shm)
			found |= KIND_BIT(i);
	return found;
}

void
spaces_shm_find(struct spaces *s)
{
	static const struct ipcns_shm unneeded = {
		.refusal = "the command does not use /dev/shm",
		.fd = -1,
		.process = -1,
	};

	for (size_t i = 0; i < s->count; i++) {
		struct space *space = &s->list[i];

		if (space->ns.is_own)
			continue;
		space->ns.shm = &unneeded;
		if (kinds_in_shm(s, space) == 0)
			continue;
		if (space->process == 0)
			spaces_find_tasks(s);
		ns_shm_find(&s->all, space->place, space->process, &space->shm);
		space->ns.shm = &space->shm.dir;
	}
}

static void
pass_over(struct space *space, kinds_t passed_over)
{
	space->passed_over = passed_over;
	space->operands.types &= ~passed_over;
}

/* Whether an earlier namespace has the same directory. */
static bool
is_known(const struct spaces *s, const struct space *space)
{
	for (const struct space *other = s->list; other < space; other++)
		if (other->is_settled && other->shm.dir.refusal == NULL &&
			other->shm.device == space->shm.device &&
			other->shm.inode == space->shm.inode)
			return true;
	return false;
}

void
spaces_shm_settle(struct spaces *s, struct space *space)
{
	kinds_t in_shm = kinds_in_shm(s, space);
	struct ns_shm *shm = &space->shm;

	if (in_shm == 0 || space->is_settled)
		return;
	space->is_settled = true;
	shm->dir.refusal = shm->missing;
	if (shm->missing == NULL && !s->only_looks)
		shm->dir.refusal = shm->danger;
	if (opt_all_namespaces() && shm->dir.refusal != NULL) {
		say("%s", shm->dir.refusal);
		pass_over(space, in_shm);
	} else if (opt_all_namespaces() && is_known(s, space)) {
		pass_over(space, in_shm);
	} else if (shm->dir.refusal == NULL && shm->note != NULL) {
		/* This is a command that reads, or the user has named a process. */
		say("%s", shm->note);
	}
}
