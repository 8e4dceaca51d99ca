/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include <argp.h>

#include "lib/near.h"

/* Keys of options without a letter, for every option group: no two are the same. */
enum opt_key {
	OPT_NO_HEADINGS = 0x100,
	OPT_LIST_FIELDS,
	OPT_SOURCE,
	OPT_SIZE,
	OPT_HUGE,
	OPT_NO_RESERVE,
	OPT_NSEMS,
	OPT_VALUE,
	OPT_QBYTES,
	OPT_MODE,
	OPT_OWNER,
	OPT_KEY,
	OPT_FTOK,
	OPT_PROJ,
	OPT_EXIST_OK,
	OPT_LOCK,
	OPT_UNLOCK,
	OPT_IGNORE_MISSING,
	OPT_SORT,
	OPT_FORMAT,
	OPT_TIME,
	OPT_NUMERIC,
	OPT_BYTES,
	OPT_COLOR,
	OPT_FROM,
	OPT_EXIT_CODE,
	OPT_WARN,
	OPT_CREATOR,
	OPT_MIN_SIZE,
	OPT_MAX_SIZE,
	OPT_IDLE,
	OPT_UNATTACHED,
	OPT_EMPTY,
	OPT_STALE,
	OPT_GRACE,
	OPT_ALONE,
	OPT_EXCEPT_OBJECT,
	OPT_NO_KEEP,
	OPT_MAX,
	OPT_MTYPE,
	OPT_TIMEOUT,
	OPT_LINES,
	OPT_EXCEPT,
	OPT_COUNT,
	OPT_ALL,
	OPT_PEEK,
	OPT_OFFSET,
	OPT_LENGTH,
};

/*
 * Parses a command's words in the order in which they stand, whatever POSIXLY_CORRECT
 * says.  Long options must be exact.  Does not return when the words are wrong: it says
 * why and exits with status 2.
 */
void opt_parse(const struct argp *argp, int argc, char **argv, void *input);

/*
 * The same for the words of the program itself.  The parser must take the first operand,
 * the command, with all that follows: these words are not looked at here.
 */
void opt_parse_program(const struct argp *argp, int argc, char **argv, void *input);

/*
 * Says what is wrong with the words of the command line, with control characters
 * escaped, points to --help and exits with status 2.
 */
_Noreturn void opt_error(const struct argp_state *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Ends parsing: near->word is no name of what there is, such as a "field".  The message
 * has the names that it is near to, or else all of them.
 */
_Noreturn void opt_unknown(const char *what, const struct near *near, const char *all,
	const struct argp_state *state);

/*
 * The place of an option's argument among the words that it may be, which end with NULL;
 * what says what they are.  Any other ends parsing, as by opt_unknown().
 */
size_t opt_word(const char *what, const char *const *words, const char *arg,
	const struct argp_state *state);

/*
 * For commands that change things: what they report is out as soon as it is done, and a
 * reader that has gone is a write error, after which they stop, and no silent end.
 */
void opt_report_at_once(void);

/*
 * Reports on standard output, in a line, something that has been done; on standard error
 * where that cannot be written, which ferror(3) tells afterwards.
 */
void opt_report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The child of every command's parser: -h. */
extern const struct argp opt_common_argp;

#endif
