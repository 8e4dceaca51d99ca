/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list: one table of objects: those of the given types or references, or else all,
 * limited to those that the conditions select. */

#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/output.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "cmd/grouping.h"
#include "cmd/listing.h"
#include "cmd/selections.h"
#include "lib/array.h"
#include "lib/near.h"

struct options {
	struct opt_operands operands;
	struct opt_select select;
	struct opt_output output;
	struct source_options source;
	bool exit_code; /* the status tells whether any object was listed */
};

#define SOURCE_CHOICES "auto|proc|stat" /* in the order of enum source_choice */

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Selecting types, beside their names as operands:", 1 },
	{ "shmems", 'm', NULL, 0, "Shared memory segments: shm", 0 },
	{ "queues", 'q', NULL, 0, "Message queues: msg", 0 },
	{ "semaphores", 's', NULL, 0, "Semaphore sets: sem", 0 },
	{ NULL, 0, NULL, 0, "Reading:", 10 },
	{ "source", OPT_SOURCE, SOURCE_CHOICES, 0,
		"Read from /proc/sysvipc only (proc), by system calls only (stat), or "
		"from the source that has the requested fields (auto, the default)",
		0 },
	{ "from", OPT_FROM, "DIR", 0,
		"Read copies of the files of /proc/sysvipc that were saved in DIR", 0 },
	{ NULL, 0, NULL, 0, "Summing up:", 15 },
	{ "by", OPT_BY, "FIELD", 0,
		"Instead of objects, list how many have each value of FIELD, and their "
		"bytes, attachments and messages",
		0 },
	{ "total", OPT_TOTAL, NULL, 0,
		"Add a last line with the sums of the others (table only)", 0 },
	{ NULL, 0, NULL, 0, "Exit status:", 30 },
	{ "exit-code", OPT_EXIT_CODE, NULL, 0, "Exit with 1 if any object was listed",
		0 },
	{ 0 },
};

static _Noreturn void
refuse_by(const char *name, const struct argp_state *state)
{
	struct near near = { .word = name };
	struct buf names = { 0 };

	for (size_t i = 0; i < fields_count; i++) {
		const char *field = fields[i].column.name;

		if (!(fields[i].flags & FIELD_KEY))
			continue;
		buf_printf(&names, "%s%s", names.len == 0 ? "" : ", ", field);
		near_try(&near, field, field);
	}
	opt_unknown("field to group by", &near, buf_text(&names), state);
}

static void
finish_options(struct options *opt, const struct argp_state *state)
{
	opt_operands_default(&opt->operands);
	opt->output.names_namespaces = opt_names_namespaces(&opt->operands);
	opt_output_choose(&opt->output, opt_operands_kinds(&opt->operands), state);
	opt_select_check(&opt->select, &opt->operands, state);
	if (opt->source.dir == NULL)
		return;
	if (opt_names_namespaces(&opt->operands))
		opt_error(state,
			"--from reads saved copies and cannot be combined with %s",
			opt_all_namespaces()               ? "--all-namespaces"
				: opt_ipc_ns(NULL) != NULL ? "--ipc-ns"
							   : "references with @NS");
	if (layout_has(&opt->output.layout, FIELD_NAMESPACE))
		opt_error(state,
			"--from reads saved copies, which do not tell their namespace");
	for (size_t i = 0; i < kinds_count; i++)
		if ((opt_operands_kinds(&opt->operands) & KIND_BIT(i)) &&
			kinds[i]->source != NULL && !kinds[i]->source->has_copies)
			opt_error(state, "--from reads saved copies, which contain no %s",
				kinds[i]->family->title);
	if (opt->source.choice == SOURCE_STAT)
		opt_error(state,
			"--from and --source=stat exclude each other: --from reads "
			"files");
	if (selector_needs(&opt->select.selector) & (FACT(STALE) | FACT(TOUCHED)))
		opt_error(state,
			"--from reads files: --stale and --pid need the system itself");
	if (opt->select.named != NULL)
		opt_error(state,
			"--from reads files, which have numbers: give that of '%s' there",
			opt->select.named);
	/* The ids may have other names on the system where the copy was saved. */
	opt->output.layout.style.numeric = true;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
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
		opt->source.choice = opt_choice("source", SOURCE_CHOICES, arg, state);
		return 0;
	case OPT_FROM:
		opt->source.dir = arg;
		return 0;
	case OPT_BY:
		if (!opt_output_group(&opt->output, arg))
			refuse_by(arg, state);
		return 0;
	case OPT_TOTAL:
		opt->output.layout.total = true;
		opt->output.table_only = "--total";
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
	.doc = "Lists all System V shared memory segments (shm), semaphore sets (sem) "
	       "and message queues (msg), or only the types and objects named.  POSIX "
	       "shared memory (pshm), named semaphores (psem) and POSIX message queues "
	       "(pmsg) are listed if they are named: ipctool list all.",
	.children =
		(const struct argp_child[]){
			{ &opt_select_argp, 0, NULL, 0 },
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_namespaces_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

static void
list_object(void *listing, const char *text, struct object *o)
{
	(void)text;
	listing_add(listing, o);
}

static void
group_object(void *grouping, const char *text, struct object *o)
{
	(void)text;
	grouping_add(grouping, o);
}

/* Prints the objects that are selected; returns how many there are in *count. */
static enum status
print_selected(struct selections *s, const struct layout *layout,
	const struct request *request, size_t *count)
{
	struct listing listing;
	const struct receiver receiver = { .object = list_object, .arg = &listing };
	enum status status;

	listing_start(&listing, layout);
	if (s->spaces.tells_namespaces) {
		listing.more = spaces_print;
		listing.more_arg = &s->spaces;
	}
	status = selections_run(s, request, &receiver);
	listing_end(&listing);
	s->unread = listing.unread;
	*count = listing.count;
	return status;
}

/* The same for the groups of the objects. */
static enum status
print_grouped(struct selections *s, const struct layout *layout,
	const struct request *request, size_t *count)
{
	struct grouping grouping;
	const struct receiver receiver = { .object = group_object, .arg = &grouping };
	enum status status;

	grouping_start(&grouping, layout);
	status = selections_run(s, request, &receiver);
	grouping_end(&grouping);
	s->unread = grouping.unread;
	*count = grouping.count;
	return status;
}

static enum status
list(struct options *opt)
{
	const struct layout *layout = &opt->output.layout;
	const struct request request = {
		.select = &opt->select,
		.source = opt->source,
		.wanted = layout_needs(layout),
		.firm = layout_made_from(layout),
		.confirms = true,
	};
	struct selections selections = {
		.spaces = { .are_named = layout_has(layout, FIELD_NAMESPACE),
			.tells_container = layout_has(layout, FIELD_CONTAINER),
			.tells_namespaces = opt_all_namespaces() &&
				layout->writer->next != NULL &&
				layout->fields.key == NULL,
			.reads = true,
			.only_looks = true },
	};
	enum status status = spaces_find(&selections.spaces, &opt->operands);
	size_t count = 0;

	if (selections.spaces.count > 0)
		status = cmd_worse(status,
			layout->fields.key == NULL
				? print_selected(&selections, layout, &request, &count)
				: print_grouped(&selections, layout, &request, &count));
	selections_tell(&selections, isatty(STDERR_FILENO));
	selections_end(&selections);
	return opt->exit_code && count > 0 ? cmd_worse(status, STATUS_SOME) : status;
}

static const struct opt_output output;

static int
exec(int argc, char **argv)
{
	struct options opt = {
		.operands = { .takes_types = true, .takes_many = true },
		.output = output,
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
	.output = &output,
	.exec = exec,
};
