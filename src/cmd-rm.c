/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rm: removes objects.  It is the command that can hurt people, so it refuses when in doubt:
 * what is in use, what belongs to somebody else, and what is no longer the object that it
 * was when the command started.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "caller.h"
#include "cmd.h"
#include "names.h"
#include "opt-common.h"
#include "opt-operands.h"
#include "say.h"
#include "source.h"
#include "targets.h"
#include "use.h"

struct options {
	struct opt_operands operands;
	bool force;
	bool dry_run;
	bool verbose;
	bool ignore_missing;
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Removing:", 10 },
	{ "force", 'f', NULL, 0, "Remove objects that are in use, too", 0 },
	{ "dry-run", 'n', NULL, 0, "Remove nothing, print what would be removed", 0 },
	{ "verbose", 'v', NULL, 0, "Print each object once it is removed", 0 },
	{ "ignore-missing", OPT_IGNORE_MISSING, NULL, 0,
		"An object that is gone already is no failure", 0 },
	{ 0 },
};

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->operands;
		return 0;
	case 'f':
		opt->force = true;
		return 0;
	case 'n':
		opt->dry_run = true;
		return 0;
	case 'v':
		opt->verbose = true;
		return 0;
	case OPT_IGNORE_MISSING:
		opt->ignore_missing = true;
		return 0;
	case ARGP_KEY_END:
		opt_operands_require(&opt->operands, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "REF|-...",
	.doc = "Removes objects. What is in use is refused, and so is what belongs to somebody "
	       "else.",
	.children =
		(const struct argp_child[]){
			{ &opt_operands_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

static enum status
gone(const struct options *opt, const struct target *t)
{
	if (opt->ignore_missing)
		return STATUS_OK;
	say("%s: it is gone already", t->text);
	return STATUS_SOME;
}

/* Whether a segment has been marked for removal already and only waits for its users. */
static bool
is_marked(const struct object *o)
{
	return o->kind->is_marked != NULL && o->kind->is_marked(o);
}

/* Looks at the reasons not to remove an object and says the one that there is. */
static enum status
refuse(const struct options *opt, const struct target *t, const struct object *o)
{
	struct buf reason = { 0 };
	int used;

	if (!caller_may_change(o)) {
		say("%s: it belongs to %s: only the owner, the creator or root may remove it",
			t->text, names_user(o->fact[FACT_UID]));
		return STATUS_SOME;
	}
	if (opt->force)
		return STATUS_OK;
	used = use_of(o, &reason);
	if (used > 0)
		say("%s: it is in use: %s (--force removes it all the same)", t->text,
			buf_text(&reason));
	buf_free(&reason);
	return used > 0 ? STATUS_SOME : STATUS_OK;
}

/* Removes an object that nothing speaks against. */
static enum status
remove_it(const struct options *opt, const struct target *t, const struct object *o)
{
	bool attached = object_has(o, FACT(NATTCH)) && o->fact[FACT_NATTCH] > 0;

	if (opt->dry_run) {
		printf("would remove %s\n", t->text);
		return STATUS_OK;
	}
	if (o->kind->remove(o) < 0) {
		if (kind_is_gone(errno))
			return gone(opt, t);
		say("%s: cannot remove it: %s", t->text, strerror(errno));
		return STATUS_SOME;
	}
	if (opt->verbose && attached)
		printf("marked %s for removal: it goes when the last of %llu detaches\n",
			t->text, (unsigned long long)o->fact[FACT_NATTCH]);
	else if (opt->verbose)
		printf("removed %s\n", t->text);
	return STATUS_OK;
}

/* Reads the object again, so that what is removed is what was named, and looks at it. */
static enum status
consider(const struct options *opt, const struct target *t)
{
	const struct ref ref = {
		.kind = t->object.kind,
		.number = t->object.fact[FACT_ID],
	};
	struct buf cause = { 0 };
	enum status status;
	struct object o;
	int rc = source_find(&ref, &o, &cause);

	if (rc < 0)
		say("%s: %s", t->text, buf_text(&cause));
	buf_free(&cause);
	if (rc <= 0)
		return rc < 0 ? STATUS_SOME : gone(opt, t);
	if (is_marked(&o)) {
		say("%s: it is marked for removal already, and goes when the last of %llu detaches",
			t->text, (unsigned long long)o.fact[FACT_NATTCH]);
		return STATUS_OK;
	}
	if (!o.kind->same(&t->object, &o)) {
		say("%s: another object has taken its place meanwhile, which stays",
			t->text);
		return STATUS_SOME;
	}
	status = refuse(opt, t, &o);
	return status == STATUS_OK ? remove_it(opt, t, &o) : status;
}

static enum status
exec(int argc, char **argv)
{
	struct options opt = { .operands = { .takes_many = true } };
	struct targets targets = { 0 };
	enum status status;

	opt_parse(&argp, argc, argv, &opt);
	status = targets_find(&targets, &opt.operands, 0, opt.ignore_missing);
	for (size_t i = 0; i < targets.count; i++)
		status = cmd_worse(status, consider(&opt, &targets.list[i]));
	targets_free(&targets);
	opt_operands_free(&opt.operands);
	return status;
}

const struct cmd cmd_rm = {
	.name = "rm",
	.summary = "remove objects",
	.exec = exec,
};
