/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_OFFER_H
#define CMD_OFFER_H

#include "cli/known.h"
#include "cmd/candidates.h"
#include "cmd/cmd.h"

/* The word to complete, and what the words before it tell. */
struct completion {
	const struct cmd *cmd; /* NULL if no command was given yet */
	struct known_options options; /* of the command */
	size_t operands; /* number of operands before the word */
	size_t quoted; /* 1 + the index of -- among the words; 0 if there is none */
	const struct known_option *option; /* the word is its argument; or NULL */
	const char *format; /* the last format that was given, or NULL */
	const char *group; /* the last field to group objects by, or NULL */
	const char *ns; /* the last argument of --ipc-ns, or NULL */
	enum {
		OBJECTS_HERE,
		OBJECTS_ENTERED, /* only those of the IPC namespace can be offered */
		OBJECTS_UNKNOWN, /* that of --ipc-ns could not be entered */
	} where; /* set by offer_enter() */
	struct candidates candidates;
	const char *what; /* the first line of the answer (complete.c) */
};

/*
 * Offers candidates for the name that --help has for an argument or an operand, which is
 * len bytes of text: alternatives between bars.  Each is a literal word, "json", a
 * placeholder, "KEY", or both, "key:KEY".
 */
void offer_alternatives(struct completion *c, const char *text, size_t len);

/* Offers the IPC namespaces by number, host, and by container. */
void offer_namespaces(struct completion *c);

/* The same without containers, as references are completed. */
void offer_namespace_numbers(struct completion *c);

/* Enters the IPC namespace of --ipc-ns, if it was given, so that its objects can be
 * offered. */
void offer_enter(struct completion *c);

#endif
