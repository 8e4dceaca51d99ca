/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help: the manual page of ipctool or of a command, or else what --help prints. */

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/common.h"
#include "cmd/cmd.h"
#include "lib/buf.h"
#include "lib/message.h"
#include "lib/write-error.h"
#include "lib/xalloc.h"

struct options {
	const struct cmd *cmd; /* NULL for ipctool itself */
};

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;
	struct buf why = { 0 };

	if (key != ARGP_KEY_ARG || state->arg_num > 0)
		return ARGP_ERR_UNKNOWN;
	opt->cmd = cmd_by_name(arg);
	if (opt->cmd == NULL) {
		cmd_unknown(arg, &why);
		opt_error(state, "%s", buf_text(&why));
	}
	return 0;
}

static const struct argp argp = {
	.parser = parse_opt,
	.args_doc = "[COMMAND]",
	.doc = "Shows the manual page of ipctool or of a command, or what --help prints "
	       "if the page is not installed.",
	.children =
		(const struct argp_child[]){ { &opt_common_argp, 0, NULL, 0 }, { 0 } },
};

/* Whether man(1) is there and finds a page, of which it prints where that is. */
static bool
has_page(const char *page)
{
	char *argv[] = { (char *)"man", (char *)"-w", (char *)page, NULL };
	posix_spawn_file_actions_t actions;
	int status = -1;
	pid_t pid;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	if (posix_spawn_file_actions_addopen(
		    &actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
		posix_spawn_file_actions_adddup2(
			&actions, STDOUT_FILENO, STDERR_FILENO) == 0 &&
		posix_spawnp(&pid, "man", &actions, NULL, argv, environ) == 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			continue;
	posix_spawn_file_actions_destroy(&actions);
	return status == 0;
}

static int
exec(int argc, char **argv)
{
	struct options opt = { 0 };
	char *page;

	opt_parse(&argp, argc, argv, &opt);
	page = opt.cmd == NULL ? xstrdup("ipctool")
			       : xasprintf("ipctool-%s", opt.cmd->name);
	write_error_uncatch();
	if (has_page(page))
		execlp("man", "man", page, (char *)NULL);
	else if (opt.cmd == NULL)
		execl("/proc/self/exe", "ipctool", "--help", (char *)NULL);
	else
		execl("/proc/self/exe", "ipctool", opt.cmd->name, "--help", (char *)NULL);
	say("cannot show the help: %s; try ipctool --help", strerror(errno));
	return STATUS_USAGE;
}

const struct cmd cmd_help = {
	.name = "help",
	.summary = "show a manual page",
	.argp = &argp,
	.exec = exec,
};
