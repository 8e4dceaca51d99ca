/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list: one table of objects: those of the types or references named, all when none is,
 * and of these the ones that the conditions choose.
 */

#include <unistd.h>

#include "cli/common.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "cmd/listing.h"
#include "cmd/selection.h"

struct options {
	struct opt_operands operands;
	struct opt_select select;
	struct opt_output output;
	struct source_options source;
	bool exit_code; /* the status tells whether any was listed */
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Selecting types, beside their names as operands:", 1 },
	{ "shmems", 'm', NULL, 0, "Shared memory segments: shm", 0 },
	{ "queues", 'q', NULL, 0, "Message queues: msg", 0 },
	{ "semaphores", 's', NULL, 0, "Semaphore sets: sem", 0 },
	{ NULL, 0, NULL, 0, "Reading:", 10 },
	{ "source", OPT_SOURCE, "SOURCE", 0,
		"Read from /proc/sysvipc only (proc), by system calls only (stat), or as "
		"it is best (auto, the default)",
		0 },
	{ "from", OPT_FROM, "DIR", 0,
		"Read copies of the files of /proc/sysvipc that were saved in DIR", 0 },
	{ NULL, 0, NULL, 0, "Exit status:", 30 },
	{ "exit-code", OPT_EXIT_CODE, NULL, 0, "Exit with 1 if any object was listed",
		0 },
	{ 0 },
};

static void
finish_options(struct options *opt, const struct argp_state *state)
{
	opt_operands_default(&opt->operands);
	opt_output_choose(&opt->output, opt_operands_kinds(&opt->operands), state);
	if (opt->source.dir == NULL)
		return;
	if (opt->source.choice == SOURCE_STAT)
		opt_error(state, "--from reads files: --source=stat does not go with it");
	if (selector_needs(&opt->select.selector) & (FACT(STALE) | FACT(TOUCHED)))
		opt_error(state,
			"--from reads files: --stale and --pid need the system itself");
	if (opt->select.named != NULL)
		opt_error(state,
			"--from reads files, which have numbers: give that of '%s' there",
			opt->select.named);
	/* The names of this system may be other people's on the one that was saved. */
	opt->output.style.numeric = true;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	static const char *const sources[] = {
		[SOURCE_AUTO] = "auto",
		[SOURCE_PROC] = "proc",
		[SOURCE_STAT] = "stat",
		NULL,
	};
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->select;
		state->child_inputs[1] = &opt->output;
		return 0;
	case 'm':
		opt_operands_add(&opt->operands, "shm", state);
		return 0;
	case 'q':
		opt_operands_add(&opt->operands, "msg", state);
		return 0;
	case 's':
		opt_operands_add(&opt->operands, "sem", state);
		return 0;
	case OPT_SOURCE:
		opt->source.choice = opt_word("source", sources, arg, state);
		return 0;
	case OPT_FROM:
		opt->source.dir = arg;
		return 0;
	case OPT_EXIT_CODE:
		opt->exit_code = true;
		return 0;
	case ARGP_KEY_ARG:
		opt_operands_add(&opt->operands, arg, state);
		return 0;
	case ARGP_KEY_END:
		finish_options(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "[TYPE|REF|-]...",
	.doc = "Lists System V shared memory segments (shm), semaphore sets (sem) and "
	       "message queues (msg): all, those of the types named, or the objects "
	       "named.",
	.children =
		(const struct argp_child[]){
			{ &opt_select_argp, 0, NULL, 0 },
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

static void
print_object(void *arg, const char *text, struct object *o)
{
	(void)text;
	printer_print(arg, o);
}

static enum status
list(const struct options *opt)
{
	struct printer printer;
	struct gather g = {
		.operands = &opt->operands,
		.select = &opt->select,
		.source = opt->source,
		.unread = &printer.unread,
		.confirms = true,
	};
	enum status status;

	printer_start(&printer, &opt->output);
	g.wanted = printer_needs(&printer);
	g.firm = printer.firm;
	status = gather(&g, print_object, &printer);
	printer_end(&printer);
	gather_tell(&g);
	if (isatty(STDERR_FILENO))
		gather_tell_summary(&g);
	gather_end(&g);
	return opt->exit_code && printer.count > 0 ? cmd_worse(status, STATUS_SOME)
						   : status;
}

static int
exec(int argc, char **argv)
{
	struct options opt = {
		.operands = { .takes_types = true, .takes_many = true },
	};
	enum status status = STATUS_OK;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields)
		opt_output_list_fields(&opt.output);
	else
		status = list(&opt);
	opt_operands_free(&opt.operands);
	opt_select_free(&opt.select);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_list = {
	.name = "list",
	.alias = "ls",
	.summary = "list objects",
	.argp = &argp,
	.exec = exec,
};
