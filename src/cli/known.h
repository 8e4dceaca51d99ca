/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_KNOWN_H
#define CLI_KNOWN_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/* An option as getopt_long(3) knows it. */
struct known_option {
	const char *name; /* or NULL */
	int letter; /* or 0 */
	int argument; /* no_argument, required_argument or optional_argument */
	const char *placeholder; /* what --help calls the argument, or NULL */
	const char *doc; /* or NULL */
	bool hidden;
	const struct argp *argp; /* that has it */
};

/* All options of a command. */
struct known_options {
	struct known_option *list;
	size_t count;
};

/*
 * Adds the options of argp and its children, in the order in which argp_parse(3) looks
 * for them, and those that it adds itself: --help, --usage and --version.  Its --HANG,
 * which sleeps, and --program-name are left out: they are for those who debug argp.
 */
void known_collect(struct known_options *all, const struct argp *argp);

/* The option of this name, or NULL. */
const struct known_option *known_by_name(
	const struct known_options *all, const char *name, size_t len);

/* The option with this letter, or NULL. */
const struct known_option *known_by_letter(const struct known_options *all, char letter);

/* What a word is to getopt_long(3), where it is not the argument of an option. */
struct known_word {
	int taken; /* words: 2 if the next one is an argument, else 1; 0 if the word has
		    * an unknown option */
	const struct known_option *option; /* the last one in it; NULL for an operand and
					    * for an unknown one */
	const char *argument; /* of that option, in the word itself; or NULL */
};

/* "--" is the caller's to recognise. */
struct known_word known_read(const struct known_options *all, const char *word);

/* Whether a word is an operand: "-" is one as well. */
bool known_is_operand(const char *word);

void known_free(struct known_options *all);

#endif
