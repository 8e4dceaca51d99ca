/* SPDX-License-Identifier: GPL-3.0-or-later */
/* namespaces: the IPC namespaces of the machine, what they hold, and what keeps them. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/output.h"
#include "cmd/cmd.h"
#include "cmd/namespace-rows.h"
#include "cmd/namespaces-stale.h"
#include "cmd/namespaces-tell.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"
#include "namespace/enter.h"
#include "namespace/name.h"
#include "output/sort.h"
#include "process/proc.h"

/* An operand. */
struct named {
	const char *text;
	struct ns_name name;
};

struct options {
	struct named *named;
	size_t named_count;
	struct opt_output output;
	bool unattached;
	uint64_t min_size; /* bytes */
	bool alone; /* no process outside our PID namespace uses the objects */
	bool exit_code; /* the status tells whether any namespace was listed */
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Selecting namespaces:", 1 },
	{ "unattached", OPT_UNATTACHED, NULL, 0, "Without processes", 0 },
	{ "min-size", OPT_MIN_SIZE, "SIZE", 0,
		"Whose segments have at least this many bytes in all", 0 },
	{ NULL, 0, NULL, 0, "Judging what is stale, for the field nstale:", 10 },
	{ "alone", OPT_ALONE, NULL, 0,
		"No process outside this PID namespace uses the objects (for containers)",
		0 },
	{ NULL, 0, NULL, 0, "Exit status:", 30 },
	{ "exit-code", OPT_EXIT_CODE, NULL, 0, "Exit with 1 if any namespace was listed",
		0 },
	{ "ipc-ns", OPT_IPC_NS, "NS", OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static void
add_named(struct options *opt, const char *text, const struct argp_state *state)
{
	struct buf cause = { 0 };
	struct named *named;

	opt->named = xgrow(opt->named, opt->named_count, sizeof *opt->named);
	named = &opt->named[opt->named_count++];
	named->text = text;
	if (ns_name_parse(text, &named->name, &cause) < 0)
		opt_error(state, "%s", buf_text(&cause));
}

static _Noreturn void
refuse_ipc_ns(const struct argp_state *state)
{
	opt_error(state, "--ipc-ns does not apply; give NS as an operand");
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->output;
		return 0;
	case OPT_UNATTACHED:
		opt->unattached = true;
		return 0;
	case OPT_MIN_SIZE:
		opt->min_size = opt_arg_bytes("--min-size", arg, state);
		return 0;
	case OPT_ALONE:
		opt->alone = true;
		return 0;
	case OPT_EXIT_CODE:
		opt->exit_code = true;
		return 0;
	case OPT_IPC_NS:
		refuse_ipc_ns(state);
	case ARGP_KEY_ARG:
		add_named(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		if (opt_ipc_ns(NULL) != NULL)
			refuse_ipc_ns(state);
		opt_output_choose(&opt->output, KINDS_ALL, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "[NS]...",
	.doc = "Lists the IPC namespaces of this machine, or only those named: how many "
	       "processes and objects each has, the container that it belongs to, and "
	       "what keeps a namespace without processes.  NS is a PID, an inode number, "
	       "INODE.ID, host, a path or a container.",
	.children =
		(const struct argp_child[]){
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* --- Rows --------------------------------------------------------------------------- */

/* The namespaces to list, and what could not be determined of them. */
struct table {
	const struct options *opt;
	struct namespaces all;
	struct namespace_rows rows;
	bool *is_named; /* for each place; only if there are operands */
	struct namespace_row **chosen;
	size_t chosen_count;
	size_t asked; /* namespaces that were to be entered */
	size_t denied; /* those of them that may not be entered */
	enum status status;
};

/* Finds the namespaces that the operands name. */
static void
resolve_named(struct table *t)
{
	const struct options *opt = t->opt;
	struct buf cause = { 0 };

	/* A path can name one that is not in the list yet. */
	t->is_named = xcalloc(t->all.count + opt->named_count + 1, sizeof *t->is_named);
	for (size_t i = 0; i < opt->named_count; i++) {
		const struct named *named = &opt->named[i];
		size_t place;

		cause.len = 0;
		switch (ns_name_find(&named->name, named->text, named->text, true,
			&t->all, &place, &cause)) {
		case NS_FOUND:
			t->is_named[place] = true;
			break;
		case NS_MISSING:
			say("%s", buf_text(&cause));
			t->status = cmd_worse(t->status, STATUS_SOME);
			break;
		case NS_REFUSED:
			say("%s", buf_text(&cause));
			t->status = cmd_worse(t->status, STATUS_USAGE);
			break;
		}
	}
	buf_free(&cause);
}

/* Enters a namespace and counts its objects. */
static void
count_row(struct table *t, struct namespace_row *row)
{
	struct buf name = { 0 };

	t->asked++;
	if (ns_enter(&t->all, row->ns) == 0) {
		namespace_rows_count(&t->rows, row - t->rows.list);
		return;
	}
	if (errno == EPERM || errno == EACCES) {
		t->denied++;
		return;
	}
	ns_file_put(&row->ns->file, &name);
	say("%s: cannot be entered: %s", buf_text(&name), strerror(errno));
	buf_free(&name);
	t->status = cmd_worse(t->status, STATUS_SOME);
}

static bool
is_listed(const struct table *t, size_t place)
{
	const struct namespace *ns = &t->all.list[place];

	/* The processes in our own may be those that could not be examined. */
	if (t->opt->unattached && (ns->nprocs > 0 || place == t->all.own))
		return false;
	return t->opt->named_count > 0 ? t->is_named[place]
				       : !namespaces_is_only_ours(&t->all, place);
}

static bool
is_large_enough(const struct table *t, const struct namespace_row *row)
{
	return t->opt->min_size == 0 ||
		(row->counts.bytes.is_known &&
			row->counts.bytes.value >= t->opt->min_size);
}

static void
make_rows(struct table *t)
{
	t->chosen = xcalloc(t->all.count + 1, sizeof *t->chosen);
	for (size_t i = 0; i < t->all.count; i++) {
		struct namespace_row *row = &t->rows.list[i];

		if (!is_listed(t, i))
			continue;
		if (t->rows.needs & NS_NEEDS_COUNTS)
			count_row(t, row);
		if (!is_large_enough(t, row))
			continue;
		namespace_rows_describe(&t->rows, i);
		t->chosen[t->chosen_count++] = row;
	}
	if (t->rows.needs & NS_NEEDS_STALE)
		namespaces_count_stale(
			&t->all, t->chosen, t->chosen_count, t->opt->alone);
}

/* --- Output ------------------------------------------------------------------------- */

/* Sorts by the keys of --sort.  The values for programs decide. */
static void
sort_rows_by_keys(struct table *t, const struct layout *layout)
{
	struct style style = { .numeric = layout->style.numeric };
	struct value *keys = xcalloc(layout->keys.count + 1, sizeof *keys);
	struct sort *sort = sort_new(layout->descending, layout->keys.count);
	struct namespace_row **sorted = xcalloc(t->chosen_count + 1, sizeof *sorted);
	const size_t *order;

	for (size_t i = 0; i < t->chosen_count; i++) {
		t->chosen[i]->style = &style;
		for (size_t k = 0; k < layout->keys.count; k++)
			field_get_namespace(layout->keys.list[k], t->chosen[i], &keys[k]);
		sort_add(sort, keys, &style);
	}
	order = sort_order(sort);
	for (size_t i = 0; i < t->chosen_count; i++)
		sorted[i] = t->chosen[order[i]];
	free(t->chosen);
	t->chosen = sorted;
	sort_free(sort);
	free(keys);
}

static void
print_table(struct table *t, const struct layout *layout)
{
	struct value *values = xcalloc(layout->fields.count, sizeof *values);
	struct out out;

	if (t->chosen_count > 0)
		qsort(t->chosen, t->chosen_count, sizeof *t->chosen,
			namespace_rows_compare);
	if (layout->keys.count > 0)
		sort_rows_by_keys(t, layout);
	layout_begin(layout, "namespaces", &out);
	for (size_t i = 0; i < t->chosen_count; i++) {
		struct namespace_row *row = t->chosen[i];

		row->style = &out.style;
		for (size_t k = 0; k < layout->fields.count; k++)
			field_get_namespace(layout->fields.list[k], row, &values[k]);
		out_row(&out, values);
	}
	out_end(&out);
	free(values);
}

/* Says what could not be examined; it changes no status. */
static void
tell_unknown(const struct table *t)
{
	namespaces_tell_unexamined(&t->all, t->denied, t->asked);
	if (!proc_are_ours())
		say("/proc shows another PID namespace: its pids are not those of this "
		    "one");
	namespace_rows_tell(&t->rows);
}

static enum status
list_namespaces(const struct options *opt)
{
	const struct layout *layout = &opt->output.layout;
	struct table t = { .opt = opt };
	unsigned needs = layout_needs_of_namespaces(layout);

	if (layout->keys.count == 0 || opt->min_size > 0)
		needs |= NS_NEEDS_COUNTS;
	namespaces_start(&t.all);
	namespaces_find_tasks(&t.all);
	namespaces_find_kept(&t.all);
	if (t.all.error != 0) {
		say("cannot read /proc: %s", strerror(t.all.error));
		namespaces_free(&t.all);
		return STATUS_USAGE;
	}
	if (t.all.is_full) {
		namespaces_tell_full(&t.all);
		namespaces_free(&t.all);
		return STATUS_USAGE;
	}
	if (opt->named_count > 0)
		resolve_named(&t);
	namespace_rows_start(&t.rows, &t.all, needs);
	make_rows(&t);
	print_table(&t, layout);
	tell_unknown(&t);
	if (opt->exit_code && t.chosen_count > 0)
		t.status = cmd_worse(t.status, STATUS_SOME);
	namespace_rows_free(&t.rows);
	free(t.chosen);
	free(t.is_named);
	namespaces_free(&t.all);
	return t.status;
}

static const struct opt_output output = { .set = &fields_of_namespaces };

static int
exec(int argc, char **argv)
{
	struct options opt = { .output = output };
	enum status status = STATUS_OK;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields)
		opt_output_list_fields(&opt.output);
	else
		status = list_namespaces(&opt);
	for (size_t i = 0; i < opt.named_count; i++)
		ns_name_free(&opt.named[i].name);
	free(opt.named);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_namespaces = {
	.name = "namespaces",
	.alias = "ns",
	.summary = "list the IPC namespaces of the machine",
	.argp = &argp,
	.output = &output,
	.exec = exec,
};
