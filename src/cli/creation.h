/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CREATION_H
#define CLI_CREATION_H

#include <argp.h>

#include "cli/values.h"
#include "kind/kind.h"
#include "lib/mode.h"

/* The object that the create command creates. */
struct opt_creation {
	const struct kind *kind;
	struct creation what;
	struct opt_values values;
	struct mode_change *mode; /* NULL if not given */
	bool has_owner;
	uid_t uid; /* ours if not given */
	gid_t gid;
	uint64_t qbytes; /* 0 if not given */
	bool exist_ok;

	const char *ftok_path; /* the rest is used only while parsing */
	uint64_t proj;
	unsigned long given;
};

/* The operand TYPE and all options; the input is a struct opt_creation of zeros.  At the
 * end of parsing it is consistent and complete. */
extern const struct argp opt_creation_argp;

void opt_creation_free(struct opt_creation *opt);

#endif
