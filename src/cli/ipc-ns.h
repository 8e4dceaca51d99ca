/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_IPC_NS_H
#define CLI_IPC_NS_H

#include <argp.h>

#include "cli/operands.h"
#include "namespace/name.h"

/*
 * --ipc-ns=NS, before the command or after it: the last one counts.  A word that names no
 * namespace is a usage error.  The argp has no input.
 */
extern const struct argp opt_ipc_ns_argp;

/* The same and --all-namespaces, which exclude each other. */
extern const struct argp opt_namespaces_argp;

/* The options of the program itself, before the command. */
extern const struct argp opt_program_argp;

/* The argument of --ipc-ns as typed, and parsed unless name is NULL; NULL if it was not
 * given. */
const char *opt_ipc_ns(const struct ns_name **name);

/* Whether --all-namespaces was given. */
bool opt_all_namespaces(void);

/* Whether an option or an operand names a namespace, and so the output does as well.
 * operands may be NULL. */
bool opt_names_namespaces(const struct opt_operands *operands);

#endif
