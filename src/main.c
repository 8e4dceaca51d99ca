/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ipctool: administers System V and POSIX IPC objects.  This file finds the command, and
 * checks standard output at the end; the commands are in src/cmd.
 */

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cmd/cmd.h"
#include "cmd/unread.h"
#include "config.h"
#include "lib/buf.h"
#include "lib/message.h"
#include "lib/write-error.h"
#include "lib/xalloc.h"

/* The words after the options of the program itself: the command and its own words. */
struct command_line {
	int argc;
	char **argv;
};

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct command_line *line = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_ARG:
		/* The words from the command on belong to the command. */
		line->argc = state->argc - state->next + 1;
		line->argv = state->argv + state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_state_help(state, stderr,
			ARGP_HELP_USAGE | ARGP_HELP_SHORT_USAGE | ARGP_HELP_SEE |
				ARGP_HELP_EXIT_ERR);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* argp would sort the commands; this restores the order of the table. */
static char *
help_filter(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_POST_DOC ? cmd_list_all() : (char *)text;
}

static const struct argp argp = {
	.parser = parse_opt,
	.args_doc = "COMMAND [OPTION...] [OPERAND...]",
	.doc = "Administers System V shared memory, semaphores and message queues, POSIX "
	       "shared memory, named semaphores and message queues; shows which threads "
	       "wait; and lists IPC namespaces.",
	.children =
		(const struct argp_child[]){ { &opt_program_argp, 0, NULL, 0 }, { 0 } },
	.help_filter = help_filter,
};

/* A full disk or a closed output is never success, so every exit runs this check. */
static void
check_stdout(void)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout) == 0 && !failed)
		return;
	write_error_note();
	fprintf(stderr, "%s: cannot write to standard output: %s\n", getprogname(),
		write_error() != 0 ? strerror(write_error())
				   : "part of it could not be written");
	_exit(STATUS_USAGE);
}

/*
 * With rights that the caller lacks, ipctool would remove, change and read for any user
 * what only another user may.  AT_SECURE of getauxval(3) tells of set-user-ID,
 * set-group-ID and file capabilities.  Nothing may be done before this, such as reading
 * an environment variable.
 */
static void
refuse_foreign_rights(void)
{
	static const char refusal[] =
		"ipctool: refuses to run with rights that its caller does not have: "
		"remove the set-user-ID bit, the set-group-ID bit and the file "
		"capabilities of the program, and use sudo(8) or setpriv(1) instead\n";

	if (getauxval(AT_SECURE) == 0)
		return;
	fputs(refusal, stderr);
	_exit(STATUS_USAGE);
}

/*
 * If a standard descriptor is closed, the next file that is opened would get its number,
 * and messages would be written to it.  So /dev/null is opened there, in the mode in
 * which using it fails.
 */
static void
fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int flags = O_CLOEXEC | (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);

		if (fcntl(fd, F_GETFD) >= 0 || open("/dev/null", flags) >= 0)
			continue;
		fprintf(stderr, "ipctool: cannot open '/dev/null': %s\n",
			strerror(errno));
		_exit(STATUS_USAGE);
	}
}

static void
refuse_command(const char *word)
{
	struct buf message = { 0 };

	cmd_unknown(word, &message);
	say("%s", buf_text(&message));
	buf_free(&message);
}

int
main(int argc, char **argv)
{
	struct command_line line = { 0 };
	const struct cmd *cmd;
	char *name;
	int status;

	refuse_foreign_rights();
	fill_standard_descriptors();
	write_error_catch();
	argp_program_version = PACKAGE_STRING;
	argp_err_exit_status = STATUS_USAGE;
	setprogname("ipctool");
	atexit(check_stdout);

	argv[0] = (char *)getprogname();
	opt_parse_program(&argp, argc, argv, &line);
	cmd = strcmp(line.argv[0], cmd_complete.name) == 0 ? &cmd_complete
							   : cmd_by_name(line.argv[0]);
	if (cmd == NULL) {
		refuse_command(line.argv[0]);
		return STATUS_USAGE;
	}
	name = xasprintf("ipctool %s", cmd->name);
	line.argv[0] = name;
	/* The name is never freed, because check_stdout() may print it. */
	status = cmd->exec(line.argc, line.argv);
	unread_say_names();
	return status;
}
