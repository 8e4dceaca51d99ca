/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * set: changes objects, and only what is named: those that references name, and, after a
 * question, those that conditions choose among what the caller may change.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/changes.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/operands.h"
#include "cli/select.h"
#include "cmd/ask.h"
#include "cmd/change.h"
#include "cmd/cmd.h"
#include "cmd/keep.h"
#include "cmd/selection.h"
#include "cmd/spaces.h"
#include "kind/access.h"
#include "kind/label.h"
#include "kind/ref.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"

struct options {
	struct opt_operands operands;
	struct opt_select select;
	struct opt_changes changes;
	bool all;
	bool yes;
	bool dry_run;
	bool verbose;
	bool no_keep; /* do not read the file of objects to keep */
	bool has_max;
	uint64_t max; /* maximum number of objects that conditions may choose */
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "How:", 15 },
	{ "all", 'a', NULL, 0, "Choose all objects of the types named, or of all types",
		0 },
	{ "dry-run", 'n', NULL, 0, "Change nothing, print what would be changed", 0 },
	{ "yes", 'y', NULL, 0, "Do not ask before changing what conditions chose", 0 },
	{ "verbose", 'v', NULL, 0, "Print what was changed, old and new", 0 },
	{ "max", OPT_MAX, "N", 0,
		"Change nothing if conditions choose more than N objects", 0 },
	{ "no-keep", OPT_NO_KEEP, NULL, 0,
		"Ignore /etc/ipctool/keep, which names objects that conditions never "
		"choose",
		0 },
	{ 0 },
};

/* Checks what is named, chosen and changed, and which types that means. */
static void
finish_set_options(struct options *opt, const struct argp_state *state)
{
	struct opt_operands *operands = &opt->operands;
	bool named = operands->count > 0 || operands->types != 0 || operands->from_stdin;

	if (opt->select.selector.unlinked)
		opt_error(state,
			"--unlinked: an object that has no name any more cannot be "
			"changed; only list, stat and rm accept it");
	opt_select_require(&opt->select, operands, opt->all, state);
	/* Conditions without a type choose among the types that can be changed so. */
	if (!named)
		operands->types &= opt_changes_kinds(&opt->changes);
	opt_changes_check(&opt->changes, operands, state);
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->operands;
		state->child_inputs[1] = &opt->changes;
		state->child_inputs[2] = &opt->select;
		return 0;
	case 'a':
		opt->all = true;
		return 0;
	case 'n':
		opt->dry_run = true;
		return 0;
	case 'y':
		opt->yes = true;
		return 0;
	case 'v':
		opt->verbose = true;
		return 0;
	case OPT_MAX:
		opt->max = opt_arg_count("--max", arg, state);
		opt->has_max = true;
		return 0;
	case OPT_NO_KEEP:
		opt->no_keep = true;
		return 0;
	case ARGP_KEY_END:
		finish_set_options(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "TYPE|REF|-...",
	.doc = "Changes mode, owner, queue limit, semaphore values and memory lock of "
	       "the objects that are named, or of those that conditions choose. A "
	       "reference is a type and an id, shm:32769, a type and a key, "
	       "shm:0x52e2c1, or a type and a name, pshm:/NAME; - reads references from "
	       "standard input, one a line.",
	.children =
		(const struct argp_child[]){
			{ &opt_operands_argp, 0, NULL, 0 },
			{ &opt_changes_argp, 0, NULL, 0 },
			{ &opt_select_argp, 0, NULL, 0 },
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* The objects of a namespace that are to be changed. */
struct chosen {
	struct request request;
	struct selection selection;
	struct targets targets;
	bool is_run; /* the namespace could be entered */
	size_t asked_count; /* those that conditions chose among types */
	size_t by_conditions; /* these, and references that conditions chose */
	size_t foreign; /* objects that conditions chose, but the caller may not change */
};

/* A run in the namespaces of the operands. */
struct set_run {
	const struct options *opt;
	struct request request; /* the same for each namespace */
	struct outcome outcome;
	struct spaces spaces;
	struct chosen *chosen; /* one for each of the spaces */
};

static void
take_target(void *arg, const char *text, struct object *o)
{
	struct chosen *c = arg;

	if (text == NULL && !access_may_change(o)) {
		c->foreign++;
		return;
	}
	c->by_conditions += text == NULL || c->selection.has_conditions;
	c->asked_count += text == NULL;
	targets_add(&c->targets, text, o);
}

/* Chooses the objects of a namespace. */
static enum status
choose_targets(struct set_run *r, size_t place)
{
	struct chosen *c = &r->chosen[place];
	const struct receiver receiver = { .object = take_target, .arg = c };
	enum status status = spaces_enter(&r->spaces, place, &c->is_run);

	if (!c->is_run)
		return status;
	c->request = r->request;
	c->request.operands = &r->spaces.list[place].operands;
	c->targets.unread = &r->outcome.unread;
	selection_start(&c->selection, &c->request);
	return selection_run(&c->selection, &receiver);
}

/* Rejects semaphores that one of the sets does not have, before any set is changed. */
static enum status
check_values(const struct options *opt, const struct targets *targets)
{
	unsigned highest = opt_values_highest(&opt->changes.values);

	for (size_t i = 0; i < targets->count && opt->changes.values.count > 0; i++) {
		struct target t;
		uint64_t nsems;

		targets_get(targets, i, &t);
		if (t.object.kind->set == NULL)
			continue;
		nsems = t.object.fact[FACT_NSEMS];
		if (highest >= nsems) {
			say("%s: --value: it has no semaphore %u, the last is %u; "
			    "nothing has been changed",
				t.text, highest, (unsigned)nsems - 1);
			return STATUS_USAGE;
		}
	}
	return STATUS_OK;
}

/* Asks before what conditions chose among types, asked objects, is changed.  STATUS_OK to
 * go on. */
static enum status
confirm_change(const struct set_run *r, size_t first, size_t end, size_t asked)
{
	const struct options *opt = r->opt;
	const struct kept **objects;
	size_t count = 0;
	bool yes;

	if (asked == 0 || opt->yes || opt->dry_run)
		return STATUS_OK;
	if (!ask_can(asked, opt->operands.from_stdin, "changed"))
		return STATUS_USAGE;
	objects = xcalloc(asked, sizeof *objects);
	for (size_t i = first; i < end; i++) {
		const struct targets *targets = &r->chosen[i].targets;

		for (size_t n = 0; n < targets->count; n++)
			if (targets->list[n].text == NULL)
				objects[count++] = targets->list[n].object;
	}
	ask_show(objects, count);
	free(objects);
	if (count == 1)
		fputs("Change this object? [y/N] ", stderr);
	else
		fprintf(stderr, "Change these %zu objects? [y/N] ", count);
	yes = ask_yes();
	if (!yes)
		say("nothing has been changed");
	return yes ? STATUS_OK : STATUS_SOME;
}

/* Says what was not chosen.  Stores in *go_on whether the chosen objects may be changed,
 * of which conditions may have chosen too many. */
static enum status
check_chosen(struct set_run *r, size_t first, size_t end, bool *go_on)
{
	const struct options *opt = r->opt;
	size_t count = 0, foreign = 0, asked = 0, by_conditions = 0;
	enum status status, wrong = STATUS_OK;

	for (size_t i = first; i < end; i++) {
		const struct chosen *c = &r->chosen[i];

		count += c->targets.count;
		foreign += c->foreign;
		asked += c->asked_count;
		by_conditions += c->by_conditions;
	}
	outcome_tell(&r->outcome, 0);
	status = outcome_tell_passed_over(
		&r->request, "change", count, foreign, opt->verbose);
	for (size_t i = first; i < end && wrong == STATUS_OK; i++)
		wrong = check_values(opt, &r->chosen[i].targets);
	if (wrong == STATUS_OK && opt->has_max && by_conditions > opt->max) {
		say("%zu objects are chosen, more than --max=%" PRIu64
		    "; nothing has been changed",
			by_conditions, opt->max);
		wrong = STATUS_USAGE;
	}
	if (wrong == STATUS_OK)
		wrong = confirm_change(r, first, end, asked);
	*go_on = wrong == STATUS_OK;
	return cmd_worse(status, wrong);
}

/* Changes the chosen objects of a namespace. */
static enum status
change_in(struct set_run *r, size_t place)
{
	struct targets *targets = &r->chosen[place].targets;
	const struct change change = {
		.changes = &r->opt->changes,
		.targets = targets,
		.dry_run = r->opt->dry_run,
		.verbose = r->opt->verbose,
	};
	int error;

	if (targets->count == 0)
		return STATUS_OK;
	if (spaces_move_to(&r->spaces, place) == 0)
		return change_all(&change);
	error = errno;
	for (size_t i = 0; i < targets->count; i++) {
		struct target t;

		targets_get(targets, i, &t);
		say("%s: the namespace cannot be entered again: %s", t.text,
			strerror(error));
	}
	return STATUS_SOME;
}

/* Works in these namespaces: chooses in all, and then changes. */
static enum status
set_in(struct set_run *r, size_t first, size_t end)
{
	enum status status = STATUS_OK;
	bool go_on;

	for (size_t i = first; i < end; i++)
		status = cmd_worse(status, choose_targets(r, i));
	status = cmd_worse(status, check_chosen(r, first, end, &go_on));
	for (size_t i = first; i < end && go_on && !ferror(stdout); i++)
		status = cmd_worse(status, change_in(r, i));
	for (size_t i = first; i < end; i++) {
		if (r->chosen[i].is_run)
			selection_end(&r->chosen[i].selection);
		targets_free(&r->chosen[i].targets);
	}
	outcome_free(&r->outcome);
	return status;
}

static enum status
set(struct options *opt, const struct exclusions *keep)
{
	struct set_run r = {
		.opt = opt,
		.request = {
			.operands = &opt->operands,
			.select = &opt->select,
			.keep = keep,
			.wanted = FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) |
				FACT(CUID) | FACT(CGID) | FACT(CPID) | FACT(SIZE) |
				FACT(NSEMS) | FACT(QNUM) | FACT(NATTCH) | FACTS_TIMES |
				FACT(QBYTES),
			.source = { SOURCE_FRESH },
			.firm = FACT(QBYTES),
			.acts = true,
			.confirms = true,
			.tells_unchosen = opt->dry_run || opt->verbose,
			.outcome = &r.outcome,
		},
	};
	/* What is checked before the first change concerns the objects of all namespaces.
	 * Else each is finished before the next one is entered, because ipctool may not
	 * be allowed to return. */
	bool chooses = opt->operands.types != 0 ||
		selector_is_given(&opt->select.selector);
	bool checks = (opt->has_max && chooses) || opt->changes.values.count > 0 ||
		(opt->operands.types != 0 && !opt->yes && !opt->dry_run);
	enum status status = spaces_find(&r.spaces, &opt->operands);
	size_t size = checks ? r.spaces.count : 1;

	r.chosen = xcalloc(r.spaces.count + 1, sizeof *r.chosen);
	for (size_t i = 0; i < r.spaces.count && !ferror(stdout); i += size)
		status = cmd_worse(status, set_in(&r, i, i + size));
	free(r.chosen);
	spaces_free(&r.spaces);
	return status;
}

static bool
fits(const struct kind *kind)
{
	return kind->may_change != NULL && kind->apply != NULL;
}

static int
exec(int argc, char **argv)
{
	struct options opt = {
		.operands = { .takes_types = true,
			.takes_many = true,
			.acts = true,
			.needs_names = true },
	};
	struct exclusions keep = { 0 };
	enum status status = STATUS_USAGE;

	opt_parse(&argp, argc, argv, &opt);
	if (!opt.dry_run)
		opt_report_at_once();
	if (opt.no_keep || keep_read(&keep, "changed") == 0)
		status = set(&opt, &keep);
	exclusions_free(&keep);
	opt_operands_free(&opt.operands);
	opt_changes_free(&opt.changes);
	opt_select_free(&opt.select);
	return status;
}

const struct cmd cmd_set = {
	.name = "set",
	.summary = "change objects",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
