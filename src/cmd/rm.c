/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rm: removes objects.  It is the command that can destroy data, so it refuses when in
 * doubt: objects that are or may be in use, objects of other users, and objects that are
 * no longer the same as when the command started.
 */

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/operands.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "cmd/removal.h"

#define FORMAT_CHOICES "json|jsonl"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Removing:", 10 },
	{ "all", 'a', NULL, 0,
		"Choose all objects of the types named, or of all System V types", 0 },
	{ "force", 'f', NULL, 0, "Also remove objects that are or may be in use", 0 },
	{ "dry-run", 'n', NULL, 0, "Remove nothing; print what would be removed, and why",
		0 },
	{ "yes", 'y', NULL, 0, "Do not ask before removing what conditions chose", 0 },
	{ "verbose", 'v', NULL, 0,
		"Print each object that has been removed, and why nothing was chosen",
		0 },
	{ "ignore-missing", OPT_IGNORE_MISSING, NULL, 0,
		"An object that does not exist is no failure", 0 },
	{ "max", OPT_MAX, "N", 0,
		"Remove nothing if conditions choose more than N objects", 0 },
	{ "no-keep", OPT_NO_KEEP, NULL, 0,
		"Ignore /etc/ipctool/keep, which names objects that conditions never "
		"choose",
		0 },
	{ "json", 'J', NULL, 0, "Print the results as JSON", 0 },
	{ "format", OPT_FORMAT, FORMAT_CHOICES, 0,
		"Print the results as json or jsonl (one a line, as soon as it is known)",
		0 },
	{ 0 },
};

/* Checks what --all-namespaces needs: it reaches the objects of many programs. */
static void
check_all_namespaces(const struct removal_options *opt, const struct argp_state *state)
{
	if (!opt_all_namespaces())
		return;
	if (opt->all)
		opt_error(state,
			"--all cannot be combined with --all-namespaces; give a TYPE and "
			"a condition, for example shm --stale");
	if (opt->operands.types == 0 || !selector_is_given(&opt->select.selector))
		opt_error(state,
			"--all-namespaces needs a TYPE and a condition, for example shm "
			"--stale");
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct removal_options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->operands;
		state->child_inputs[1] = &opt->select;
		break;
	case 'a':
		opt->all = true;
		break;
	case 'f':
		opt->force = true;
		break;
	case 'n':
		opt->dry_run = true;
		break;
	case 'y':
		opt->yes = true;
		break;
	case 'v':
		opt->verbose = true;
		break;
	case OPT_IGNORE_MISSING:
		opt->ignore_missing = true;
		break;
	case OPT_MAX:
		opt->max = opt_arg_count("--max", arg, state);
		opt->has_max = true;
		break;
	case OPT_NO_KEEP:
		opt->no_keep = true;
		break;
	case 'J':
		opt->writer = &writer_json;
		break;
	case OPT_FORMAT:
		opt->writer = opt_choice("format", FORMAT_CHOICES, arg, state) == 0
			? &writer_json
			: &writer_jsonl;
		break;
	case ARGP_KEY_END:
		check_all_namespaces(opt, state);
		opt_select_require(&opt->select, &opt->operands, opt->all, state);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "TYPE|REF|-...",
	.doc = "Removes the objects that are named, or those that conditions choose. "
	       "Objects that are or may be in use are refused, and so are those of other "
	       "users. A reference is a type and an id, shm:32769, a type and a key, "
	       "shm:0x52e2c1, or a type and a name, pshm:/NAME; - reads references from "
	       "standard input, one a line.",
	.children =
		(const struct argp_child[]){
			{ &opt_operands_argp, 0, NULL, 0 },
			{ &opt_select_argp, 0, NULL, 0 },
			{ &opt_namespaces_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

static bool
fits(const struct kind *kind)
{
	return kind->remove != NULL;
}

static int
exec(int argc, char **argv)
{
	struct removal_options opt = {
		.operands = { .takes_types = true, .takes_many = true, .acts = true },
	};
	enum status status;

	opt_parse(&argp, argc, argv, &opt);
	if (!opt.dry_run)
		opt_report_at_once();
	status = removal_run(&opt);
	opt_operands_free(&opt.operands);
	opt_select_free(&opt.select);
	return status;
}

const struct cmd cmd_rm = {
	.name = "rm",
	.summary = "remove objects",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
