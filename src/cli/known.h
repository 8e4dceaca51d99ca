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
	const char *placeholder; /* the name of the argument in --help, or NULL */
	const char *doc; /* or NULL */
	bool hidden;
	const struct argp *argp; /* the parser that has the option */
};

/* All options of a command. */
struct known_options {
	struct known_option *list;
	size_t count;
};

/*
 * Adds the options of argp and its children, in the order in which argp_parse(3) looks
 * for them, and the options that argp_parse(3) adds: --help, --usage and --version.  Its
 * --HANG, which sleeps, and --program-name are for debugging argp, and are left out.
 */
void known_collect(struct known_options *all, const struct argp *argp);

/* The option of this name, or NULL. */
const struct known_option *known_by_name(
	const struct known_options *all, const char *name, size_t len);

/* The option with this letter, or NULL. */
const struct known_option *known_by_letter(const struct known_options *all, char letter);

/* A word as getopt_long(3) reads it, if it is not the argument of an option. */
struct known_word {
	int taken; /* number of words: 2 if the next one is the argument, else 1; 0 if the
		    * word has an unknown option */
	const char *name; /* of the last option read, in the word; NULL for an operand */
	size_t len; /* bytes of the name */
	bool is_long; /* the name is not a letter */
	const struct known_option *option; /* that option; NULL if it is unknown */
	const char *argument; /* its argument, in the word; NULL if there is none */
};

/* Reads a word.  The caller recognises "--" itself. */
struct known_word known_read(const struct known_options *all, const char *word);

/* Whether a word is an operand, as "-" is. */
bool known_is_operand(const char *word);

void known_free(struct known_options *all);

#endif
