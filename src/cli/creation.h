/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CREATION_H
#define CLI_CREATION_H

#include <argp.h>

#include "cli/operands.h"
#include "cli/values.h"
#include "kind/kind.h"
#include "lib/mode.h"

/* The object that the create command creates. */
struct opt_creation {
	const struct kind *kind;
	const char *text; /* its operand */
	struct creation what;
	struct opt_values values;
	uint64_t qbytes; /* 0 if not given */
	bool exist_ok;

	struct opt_operands operands; /* the reference of an object that gets a name */
	struct mode_change *mode; /* the rest is used only while parsing */
	const char *ftok_path;
	uint64_t proj;
	properties_t given;
};

/* The operand TYPE or REF and all options; the input is a struct opt_creation of zeros.
 * At the end of parsing it is consistent and complete. */
extern const struct argp opt_creation_argp;

void opt_creation_free(struct opt_creation *opt);

#endif
