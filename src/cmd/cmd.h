/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stddef.h>

/* What a command, and with it the program, may exit with. */
enum status {
	STATUS_OK = 0, /* all done */
	STATUS_SOME = 1, /* some object failed, was refused or is not there */
	STATUS_USAGE = 2, /* usage, environment, output, memory */
	STATUS_BLOCKED = 3, /* would block, or the time is up */
};

struct argp;
struct buf;

/* A subcommand. */
struct cmd {
	const char *name;
	const char *alias; /* or NULL */
	const char *summary; /* one line in the list of commands */
	const struct argp *argp; /* what it takes */

	/* Parses argv, whose first word is the program's and the command's name, and
	 * does the work.  Returns the exit status, an enum status or what the user or
	 * a command run by semop chose; a wrong usage does not return. */
	int (*exec)(int argc, char **argv);
};

extern const struct cmd *const cmds[];
extern const size_t cmds_count;

/* The commands; each is the only thing that its file exports. */
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

/* The command of this name or alias, or NULL. */
const struct cmd *cmd_by_name(const char *name);

/*
 * Appends to message that the command is unknown, and what was meant: the way of ipctool
 * for ipcs(1) and its relatives, the commands whose names or aliases are near, "unknown
 * command 'lits'; did you mean list or limits?", or else all commands.
 */
void cmd_unknown(const char *name, struct buf *message);

/* The list of commands for --help; the text belongs to the caller. */
char *cmd_help(void);

/* The worse of two statuses: what a run exits with that met both. */
enum status cmd_worse(enum status a, enum status b);

#endif
