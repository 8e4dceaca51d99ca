/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * list: one table of the objects of the types asked for, of all types when none is.
 */

#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "opt-common.h"
#include "opt-output.h"
#include "say.h"
#include "source.h"
#include "xalloc.h"

struct options {
	struct opt_output output;
	enum source_choice source;
	unsigned kinds; /* bits by the place in kinds[]; 0 for all */
	const struct field **fields;
	size_t fields_count;
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

static enum source_choice
parse_source(const char *arg, const struct argp_state *state)
{
	static const char *const names[] = {
		[SOURCE_AUTO] = "auto",
		[SOURCE_PROC] = "proc",
		[SOURCE_STAT] = "stat",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], arg) == 0)
			return i;
	opt_error(state, "'%s' is no source; there are: auto, proc, stat", arg);
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
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
		opt->source = parse_source(arg, state);
		return 0;
	case ARGP_KEY_ARG:
		add_kind(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (opt->kinds == 0)
			opt->kinds = (1u << kinds_count) - 1;
		opt->fields_count =
			opt_output_fields(&opt->output, opt->kinds, state, &opt->fields);
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

/* Prints every object of a source. */
static void
print_objects(const struct options *opt, const struct kind *kind, struct source *source,
	struct out *out)
{
	struct value *values = xcalloc(opt->fields_count, sizeof *values);
	size_t *had =
		xcalloc(opt->fields_count, sizeof *had); /* fields that the kind has */
	size_t had_count = 0;
	struct object o;

	for (size_t i = 0; i < opt->fields_count; i++) {
		values[i].state = VALUE_ABSENT;
		if (field_of_kind(opt->fields[i], kind))
			had[had_count++] = i;
	}
	while (!ferror(stdout) && source_next(source, &o) == 1) {
		for (size_t i = 0; i < had_count; i++)
			field_get(opt->fields[had[i]], &o, &values[had[i]]);
		out_row(out, values);
	}
	free(had);
	free(values);
}

static void
say_text(const char *text)
{
	say("%s", text);
}

static enum status
list_kind(const struct options *opt, const struct kind *kind, facts_t wanted,
	struct out *out)
{
	struct buf cause = { 0 };
	size_t unread = out->unread;
	enum status status = STATUS_OK;
	struct source *source =
		source_open(kind, wanted & kind->facts, opt->source, say_text, &cause);

	if (source == NULL) {
		say("%s: %s", kind->name, buf_text(&cause));
		buf_free(&cause);
		return STATUS_SOME;
	}
	print_objects(opt, kind, source, out);
	if (out->unread > unread)
		say("%s: %zu value%s could not be read: %s", kind->name,
			out->unread - unread, out->unread - unread == 1 ? "" : "s",
			source_why(source));
	if (source_problems(source) > 0)
		status = STATUS_SOME;
	source_close(source);
	return status;
}

static enum status
list(const struct options *opt)
{
	const struct column **columns = xcalloc(opt->fields_count, sizeof *columns);
	enum status status = STATUS_OK;
	facts_t wanted = FACT(ID);
	struct out out = {
		.writer = opt->output.writer,
		.title = "objects",
		.columns = columns,
		.columns_count = opt->fields_count,
		.style = { .people = opt->output.writer->people, .now = time(NULL) },
		.headings = !opt->output.no_headings,
		.leave_absent = opt->output.fields == NULL,
	};

	for (size_t i = 0; i < opt->fields_count; i++) {
		columns[i] = &opt->fields[i]->column;
		wanted |= field_needs(opt->fields[i]);
	}
	out_begin(&out);
	for (size_t i = 0; i < kinds_count; i++)
		if (opt->kinds & 1u << i)
			status =
				cmd_worse(status, list_kind(opt, kinds[i], wanted, &out));
	out_end(&out);
	free(columns);
	return status;
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
	free(opt.fields);
	return status;
}

const struct cmd cmd_list = {
	.name = "list",
	.alias = "ls",
	.summary = "list objects",
	.exec = exec,
};
