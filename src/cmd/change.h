/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_CHANGE_H
#define CMD_CHANGE_H

#include "cli/changes.h"
#include "cmd/resolve.h"

/* What set changes, and in which objects. */
struct change {
	const struct opt_changes *changes;
	const struct targets *targets;
	bool dry_run; /* report what would be changed */
	bool verbose; /* report what is changed */
};

/*
 * Changes each object, and only what is named.  A mode that grants permission is set
 * first, because the values of semaphores may need it.  Then come the values, everything
 * else in one IPC_SET, and last the lock.  A value that is already set is not set again.
 * Says what failed; changes made before a failure are reported, even when memory runs
 * out: the report of a change is allocated before the change.
 */
enum status change_all(const struct change *opt);

#endif
