/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include <argp.h>

#include "lib/near.h"

/* Keys of options without a letter, different for all option groups. */
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
	OPT_MAXMSG,
	OPT_MSGSIZE,
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
	OPT_BY,
	OPT_TOTAL,
	OPT_EXIT_CODE,
	OPT_WARN,
	OPT_CREATOR,
	OPT_MIN_SIZE,
	OPT_MAX_SIZE,
	OPT_MIN_MESSAGES,
	OPT_PERM,
	OPT_STATE,
	OPT_IDLE,
	OPT_UNATTACHED,
	OPT_NAME,
	OPT_UNLINKED,
	OPT_EMPTY,
	OPT_STALE,
	OPT_GRACE,
	OPT_ALONE,
	OPT_EXCEPT_OBJECT,
	OPT_NO_KEEP,
	OPT_MAX,
	OPT_MTYPE,
	OPT_PRIO,
	OPT_TIMEOUT,
	OPT_LINES,
	OPT_RAW,
	OPT_EXCEPT,
	OPT_COUNT,
	OPT_ALL,
	OPT_PEEK,
	OPT_OFFSET,
	OPT_LENGTH,
	OPT_FOR,
	OPT_THREADS,
	OPT_INTERVAL,
	OPT_CERTAIN,
	OPT_IPC_NS,
	OPT_ALL_NAMESPACES,
};

/*
 * Parses the words of a command in their order, whatever POSIXLY_CORRECT says.  Long
 * options must be exact.  If a word is invalid, ends the program with a message and
 * status 2.
 */
void opt_parse(const struct argp *argp, int argc, char **argv, void *input);

/* The same for the words of the program itself.  The parser must take the first operand,
 * the command, with all words after it: these are not checked here. */
void opt_parse_program(const struct argp *argp, int argc, char **argv, void *input);

/* Reports an error in the command line, escapes control characters in it, points to
 * --help and exits with status 2. */
_Noreturn void opt_error(const struct argp_state *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Ends parsing: near->word is no name of what there is, such as a "field".  The message
 * has the names that it is near to, or else all of them.
 */
_Noreturn void opt_unknown(const char *what, const struct near *near, const char *all,
	const struct argp_state *state);

/*
 * The index of an option's argument in the list of its valid words, which ends with NULL.
 * Any other word ends parsing, as by opt_unknown(); what describes the words.
 */
size_t opt_word(const char *what, const char *const *words, const char *arg,
	const struct argp_state *state);

/*
 * The same with the words in one text, "auto|always|never", which is what --help calls
 * the argument as well: --color=auto|always|never.  Completion offers them from there.
 */
size_t opt_choice(const char *what, const char *choices, const char *arg,
	const struct argp_state *state);

/*
 * For commands that change objects: writes each report at once, and ignores SIGPIPE, so
 * that a missing reader is a write error, after which the command stops, and not a silent
 * end.
 */
void opt_report_at_once(void);

/* Reports a completed action on standard output, in one line.  If that cannot be written,
 * reports it on standard error; ferror(3) tells that afterwards. */
void opt_report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The child of the parser of every command: -h. */
extern const struct argp opt_common_argp;

#endif
