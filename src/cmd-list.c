/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list: one table of the objects of the types asked for, of all types when none is.
 */

#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "opt-common.h"
#include "printer.h"
#include "say.h"
#include "source.h"

struct options {
	struct opt_output output;
	struct source_options source;
	unsigned kinds; /* bits by the place in kinds[]; 0 for all */
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
add_kind(struct options *opt, const char *name, const struct argp_state *state)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (strcmp(kinds[i]->name, name) == 0) {
			opt->kinds |= 1u << i;
			return;
		}
	opt_error(state, "'%s' is no type of object; there are: %s", name, kind_names());
}

static void
finish(struct options *opt, const struct argp_state *state)
{
	if (opt->kinds == 0)
		opt->kinds = (1u << kinds_count) - 1;
	if (opt->source.dir != NULL && opt->source.choice == SOURCE_STAT)
		opt_error(state, "--from reads files: --source=stat does not go with it");
	opt_output_choose(&opt->output, opt->kinds, state);
	/* The names of this system may be other people's on the one that was saved. */
	if (opt->source.dir != NULL)
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
		state->child_inputs[0] = &opt->output;
		return 0;
	case 'm':
		add_kind(opt, "shm", state);
		return 0;
	case 'q':
		add_kind(opt, "msg", state);
		return 0;
	case 's':
		add_kind(opt, "sem", state);
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
		add_kind(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		finish(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "[TYPE...]",
	.doc = "Lists System V shared memory segments (shm), semaphore sets (sem) and message "
	       "queues (msg).",
	.children =
		(const struct argp_child[]){
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

static void
say_text(const char *text)
{
	say("%s", text);
}

static enum status
list_kind(const struct options *opt, const struct kind *kind, struct printer *printer)
{
	facts_t wanted = (FACT(ID) | opt_output_needs(&opt->output)) & kind->facts;
	struct buf cause = { 0 };
	enum status status = STATUS_OK;
	struct source *source = source_open(kind, wanted, &opt->source, say_text, &cause);
	size_t unread = printer->unread;
	struct object o;

	if (source == NULL) {
		say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return STATUS_SOME;
	}
	while (!ferror(stdout) && source_next(source, &o) == 1)
		printer_print(printer, &o);
	unread = printer->unread - unread;
	if (unread > 0)
		say("%s: %zu value%s could not be read: %s", kind->name, unread,
			unread == 1 ? "" : "s", source_why(source));
	if (source_problems(source) > 0)
		status = STATUS_SOME;
	source_close(source);
	return status;
}

static enum status
list(const struct options *opt)
{
	enum status status = STATUS_OK;
	struct printer printer;

	printer_start(&printer, &opt->output);
	for (size_t i = 0; i < kinds_count; i++)
		if (opt->kinds & 1u << i)
			status = cmd_worse(status, list_kind(opt, kinds[i], &printer));
	printer_end(&printer);
	return opt->exit_code && printer.count > 0 ? cmd_worse(status, STATUS_SOME)
						   : status;
}

static enum status
exec(int argc, char **argv)
{
	struct options opt = { 0 };
	enum status status = STATUS_OK;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields)
		opt_output_list_fields(&opt.output);
	else
		status = list(&opt);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_list = {
	.name = "list",
	.alias = "ls",
	.summary = "list objects",
	.exec = exec,
};
