/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_OFFER_H
#define CMD_OFFER_H

#include "cli/known.h"
#include "cmd/candidates.h"
#include "cmd/cmd.h"

/* A word that is to be completed, and what the words before it say. */
struct completion {
	const struct cmd *cmd; /* NULL before it is named: the program itself */
	struct known_options options; /* of the command */
	size_t operands; /* before the word */
	size_t quoted; /* 1 + the place of -- among the words; 0 for none */
	const struct known_option *option; /* whose argument it is, or NULL */
	const char *format; /* the last one given, or NULL */
	struct candidates candidates;
	const char *what; /* the first line of the answer (complete.c) */
};

/*
 * Offers what --help has in the place of an argument or of an operand, len bytes of text:
 * alternatives between bars, each a word that stands for itself, "json", a placeholder,
 * "KEY", or both, "key:KEY".
 */
void offer_alternatives(struct completion *c, const char *text, size_t len);

#endif
