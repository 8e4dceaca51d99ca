/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>

/* The exit statuses of a command, and so of the program. */
enum status {
	STATUS_OK = 0, /* success */
	STATUS_SOME = 1, /* some object failed, was refused or does not exist */
	STATUS_USAGE = 2, /* usage, environment, output, memory */
	STATUS_BLOCKED = 3, /* would block, or timed out */
};

struct argp;
struct buf;
struct kind;
struct opt_output;

/* A subcommand. */
struct cmd {
	const char *name;
	const char *alias; /* or NULL */
	const char *summary; /* one line in the list of commands */
	const struct argp *argp; /* its options and operands */

	/* For completion: whether it works on objects of a kind, NULL for all of them,
	 * and its output as it is before parsing, NULL if it prints no fields. */
	bool (*fits)(const struct kind *kind);
	bool creates; /* Its TYPE is no group, and its REF is the name of a new object.
		       * Each kind takes one of the two. */
	const struct opt_output *output;

	/*
	 * Parses argv, whose first word is the name of the program and the command, and
	 * runs the command.  Returns the exit status: an enum status, or for semop a
	 * status that the user or its command chose.  Does not return after a usage
	 * error.
	 */
	int (*exec)(int argc, char **argv);
};

extern const struct cmd *const cmds[];
extern const size_t cmds_count;

/* The commands; each is the only symbol that its file exports. */
extern const struct cmd cmd_rm;
extern const struct cmd cmd_create;
extern const struct cmd cmd_set;
extern const struct cmd cmd_list;
extern const struct cmd cmd_stat;
extern const struct cmd cmd_send;
extern const struct cmd cmd_recv;
extern const struct cmd cmd_semop;
extern const struct cmd cmd_read;
extern const struct cmd cmd_write;
extern const struct cmd cmd_limits;
extern const struct cmd cmd_namespaces;
extern const struct cmd cmd_waits;
extern const struct cmd cmd_help;

/* What the shells call: it is not in the table, and no user sees it. */
extern const struct cmd cmd_complete;

/* The command with this name or alias, or NULL. */
const struct cmd *cmd_by_name(const char *name);

/*
 * Appends to message that the command is unknown, and what was meant: the way of ipctool
 * for ipcs(1) and its relatives, the commands whose names or aliases are near, "unknown
 * command 'lits'; did you mean list or limits?", or else all commands.
 */
void cmd_unknown(const char *name, struct buf *message);

/* The list of commands for --help; the caller owns the text. */
char *cmd_list_all(void);

/* The worse of two statuses, which is the exit status after both. */
enum status cmd_worse(enum status a, enum status b);

#endif
