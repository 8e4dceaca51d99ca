/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CHANGES_H
#define CLI_CHANGES_H

#include <argp.h>

#include "cli/operands.h"
#include "cli/values.h"
#include "lib/mode.h"

/* The changes that the set command makes. */
struct opt_changes {
	struct mode_change *mode;
	uid_t uid; /* OPT_CHANGES_KEEP if not given */
	gid_t gid; /* the same */
	uint64_t qbytes; /* 0 if not given */
	struct opt_values values;
	bool lock;
	bool unlock;
	properties_t given;
};

/* Not a valid uid or gid. */
#define OPT_CHANGES_KEEP UINT32_MAX

/* The option group; its input is a struct opt_changes of zeros. */
extern const struct argp opt_changes_argp;

/* The kinds that all of these changes apply to. */
kinds_t opt_changes_kinds(const struct opt_changes *opt);

/* Ends the program with a message if no change was given, or if a change does not apply
 * to the kind of an operand. */
void opt_changes_check(const struct opt_changes *opt, const struct opt_operands *operands,
	const struct argp_state *state);

/* Whether the owner or the group changes. */
bool opt_changes_owner(const struct opt_changes *opt);

void opt_changes_free(struct opt_changes *opt);

#endif
