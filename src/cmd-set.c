/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * set: changes objects.  Only what is named changes.  A mode that grants comes first, then
 * the values of semaphores, which need it, then everything else in one IPC_SET, and the lock
 * last.  What had been changed before a failure is said.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "caller.h"
#include "cmd.h"
#include "explain.h"
#include "names.h"
#include "opt-changes.h"
#include "opt-common.h"
#include "opt-operands.h"
#include "say.h"
#include "targets.h"
#include "xalloc.h"

struct options {
	struct opt_operands operands;
	struct opt_changes changes;
	bool dry_run;
	bool verbose;
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "How:", 15 },
	{ "dry-run", 'n', NULL, 0, "Change nothing, print what would be changed", 0 },
	{ "verbose", 'v', NULL, 0, "Print what was changed, old and new", 0 },
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
		state->child_inputs[1] = &opt->changes;
		return 0;
	case 'n':
		opt->dry_run = true;
		return 0;
	case 'v':
		opt->verbose = true;
		return 0;
	case ARGP_KEY_END:
		opt_operands_require(&opt->operands, NULL, state);
		opt_changes_check(&opt->changes, &opt->operands, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "REF|-...",
	.doc = "Changes mode, owner, queue limit, semaphore values and memory lock of objects. "
	       "A reference is a type and an id, shm:32769, or a type and a key, "
	       "shm:0x52e2c1; - reads references from standard input, one a line.",
	.children =
		(const struct argp_child[]){
			{ &opt_operands_argp, 0, NULL, 0 },
			{ &opt_changes_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* One object that is being changed. */
struct work {
	const struct options *opt;
	const struct object *old;
	const char *unread; /* why facts of it could not be read */
	struct object granted; /* with the mode under which the values are set */
	struct object wanted; /* mode, owner, group and qbytes as they are to be */
	struct semaphore *semaphores; /* as they were, NULL when not known */
	struct buf done; /* what has been changed, in words */
	struct buf cause; /* what went wrong */
};

/* Notes a change that has been made. */
#define NOTE(w, ...) \
	do { \
		if ((w)->done.len > 0) \
			buf_str(&(w)->done, ", "); \
		buf_printf(&(w)->done, __VA_ARGS__); \
	} while (0)

static int
apply(struct work *w, const struct object *wanted)
{
	bool may_change = caller_may_change(w->old);
	int error;

	if (!object_has(wanted, FACT(QBYTES) & wanted->kind->facts)) {
		buf_printf(&w->cause,
			"its qbytes could not be read, and would be lost (give --qbytes): %s",
			w->unread);
		return -1;
	}
	/* What a dry run can know, it says. */
	if (w->opt->dry_run ? may_change && !explain_exceeds(wanted)
			    : wanted->kind->apply(wanted) == 0)
		return 0;
	error = w->opt->dry_run ? EPERM : errno;
	if (!explain_gone(w->old, error, &w->cause))
		explain_apply(w->old, wanted, may_change, error, &w->cause);
	return -1;
}

/* Grants what the new mode grants, because the values may need it, and takes nothing yet. */
static int
grant(struct work *w)
{
	unsigned old = w->old->fact[FACT_MODE] & 0777;

	w->granted = *w->old;
	if (w->opt->changes.mode == NULL || w->opt->changes.values.count == 0 ||
		(w->wanted.fact[FACT_MODE] & ~old) == 0)
		return 0;
	object_set(&w->granted, FACT_MODE, old | w->wanted.fact[FACT_MODE]);
	if (apply(w, &w->granted) == 0)
		return 0;
	w->granted = *w->old;
	return -1;
}

static int
set_values(struct work *w)
{
	size_t count = w->old->fact[FACT_NSEMS];
	uint16_t *values = xcalloc(count, sizeof *values);
	int rc;

	for (size_t i = 0; i < count; i++)
		values[i] = w->opt->changes.values.list[0].value;
	rc = w->old->kind->set_values(w->old, values);
	free(values);
	return rc;
}

/* Notes the new value of a semaphore beside its old one, where that is known. */
static void
note_value(struct work *w, unsigned num, unsigned value)
{
	if (w->semaphores == NULL) {
		NOTE(w, "semaphore %u -> %u", num, value);
		return;
	}
	NOTE(w, "semaphore %u %u -> %u", num, w->semaphores[num].val, value);
	w->semaphores[num].val = value;
}

static void
note_mode(struct work *w, const struct object *new)
{
	NOTE(w, "mode %04o -> %04o", (unsigned)w->old->fact[FACT_MODE] & 0777,
		(unsigned)new->fact[FACT_MODE] & 0777);
}

static int
change_values(struct work *w)
{
	bool all = opt_values_are_all(&w->opt->changes.values);
	size_t count = w->old->fact[FACT_NSEMS];
	int error, rc = 0;

	if (w->opt->dry_run)
		rc = caller_may_access(&w->granted, 02) ? 0 : -1;
	else if (all)
		rc = set_values(w);
	for (size_t i = 0; i < w->opt->changes.values.count && rc == 0; i++) {
		const struct opt_value *v = &w->opt->changes.values.list[i];

		for (unsigned n = v->first; n <= v->last && n < count && rc == 0; n++) {
			if (!all && !w->opt->dry_run)
				rc = w->old->kind->set_value(w->old, n, v->value);
			if (rc == 0)
				note_value(w, n, v->value);
		}
	}
	error = w->opt->dry_run ? EACCES : errno;
	if (rc < 0 && !explain_gone(w->old, error, &w->cause))
		buf_printf(&w->cause, "cannot set values: %s",
			error == EACCES ? "the mode gives no permission to write"
					: strerror(error));
	return rc;
}

/* Mode, owner, group and qbytes. */
static int
change_rest(struct work *w)
{
	const struct opt_changes *opt = &w->opt->changes;
	const uint64_t *old = w->old->fact;
	const uint64_t *new = w->wanted.fact;

	if (opt->mode == NULL && !opt_changes_owner(opt) && opt->qbytes == 0)
		return 0;
	if (apply(w, &w->wanted) < 0)
		return -1;
	w->granted = *w->old;
	if (opt->mode != NULL)
		note_mode(w, &w->wanted);
	if (old[FACT_UID] != new[FACT_UID]) {
		NOTE(w, "owner %s", names_user(old[FACT_UID]));
		buf_printf(&w->done, " -> %s", names_user(new[FACT_UID]));
	}
	if (old[FACT_GID] != new[FACT_GID]) {
		NOTE(w, "group %s", names_group(old[FACT_GID]));
		buf_printf(&w->done, " -> %s", names_group(new[FACT_GID]));
	}
	if (opt->qbytes != 0)
		NOTE(w, "qbytes %llu -> %llu", (unsigned long long)old[FACT_QBYTES],
			(unsigned long long)new[FACT_QBYTES]);
	return 0;
}

static int
change_lock(struct work *w)
{
	const struct opt_changes *opt = &w->opt->changes;
	bool may_lock = caller_may_lock(w->old);

	if (!opt->lock && !opt->unlock)
		return 0;
	if (w->opt->dry_run ? !may_lock : w->old->kind->lock(w->old, opt->lock) < 0) {
		int error = w->opt->dry_run ? EPERM : errno;

		if (explain_gone(w->old, error, &w->cause))
			return -1;
		buf_printf(&w->cause, "cannot %s it: ", opt->lock ? "lock" : "unlock");
		explain_lock(w->old, may_lock, error, &w->cause);
		return -1;
	}
	NOTE(w, "%s", opt->lock ? "locked" : "unlocked");
	return 0;
}

static void
prepare(struct work *w)
{
	const struct opt_changes *opt = &w->opt->changes;
	size_t count = w->old->fact[FACT_NSEMS];

	w->wanted = *w->old;
	if (opt->mode != NULL)
		object_set(&w->wanted, FACT_MODE,
			mode_apply(opt->mode, w->old->fact[FACT_MODE] & 0777));
	if (opt->uid != OPT_CHANGES_KEEP)
		object_set(&w->wanted, FACT_UID, opt->uid);
	if (opt->gid != OPT_CHANGES_KEEP)
		object_set(&w->wanted, FACT_GID, opt->gid);
	if (opt->qbytes != 0)
		object_set(&w->wanted, FACT_QBYTES, opt->qbytes);
	if (opt->values.count == 0 || (!w->opt->verbose && !w->opt->dry_run))
		return;
	w->semaphores = xcalloc(count, sizeof *w->semaphores);
	if (w->old->kind->get_semaphores(w->old, w->semaphores) < 0) {
		free(w->semaphores);
		w->semaphores = NULL;
	}
}

/* Reads an object again directly before it is changed: what is not named is to stay as it is
 * now, and only of the object that was named. */
static bool
read_again(const struct target *t, struct object *now)
{
	const struct ref ref = { .kind = t->object.kind,
		.number = t->object.fact[FACT_ID] };
	struct buf cause = { 0 };
	int rc = source_find(&ref, NULL, now, &cause);

	if (rc < 0)
		say("%s: %s", t->text, buf_text(&cause));
	else if (rc == 0)
		say("%s: it has been removed meanwhile", t->text);
	else if (!now->kind->same(&t->object, now))
		say("%s: another object has taken its place meanwhile, which stays as it is",
			t->text);
	buf_free(&cause);
	return rc == 1 && now->kind->same(&t->object, now);
}

static enum status
change(const struct options *opt, const struct target *t, const char *unread)
{
	struct object now;
	struct work w = { .opt = opt, .old = &now, .unread = unread };
	enum status status = STATUS_OK;

	if (!read_again(t, &now))
		return STATUS_SOME;
	prepare(&w);
	if (grant(&w) < 0 || (opt->changes.values.count > 0 && change_values(&w) < 0) ||
		change_rest(&w) < 0 || change_lock(&w) < 0) {
		status = STATUS_SOME;
		if (w.granted.fact[FACT_MODE] != w.old->fact[FACT_MODE])
			note_mode(&w, &w.granted);
		say("%s: %s%s%s", t->text, buf_text(&w.cause),
			w.done.len > 0 ? "; changed before that: " : "",
			buf_text(&w.done));
	} else if (opt->dry_run || opt->verbose) {
		printf("%s%s: %s\n", opt->dry_run ? "would change " : "", t->text,
			w.done.len > 0 ? buf_text(&w.done) : "nothing");
	}
	free(w.semaphores);
	buf_free(&w.done);
	buf_free(&w.cause);
	return status;
}

/* Refuses semaphores that one of the sets does not have, before any of them is touched. */
static enum status
check_values(const struct options *opt, const struct targets *targets)
{
	unsigned highest = opt_values_highest(&opt->changes.values);

	for (size_t i = 0; i < targets->count; i++) {
		const struct object *o = &targets->list[i].object;

		if (opt->changes.values.count > 0 && highest >= o->fact[FACT_NSEMS]) {
			say("%s: --value: it has no semaphore %u, the last is %u; nothing has been "
			    "changed",
				targets->list[i].text, highest,
				(unsigned)o->fact[FACT_NSEMS] - 1);
			return STATUS_USAGE;
		}
	}
	return STATUS_OK;
}

static enum status
exec(int argc, char **argv)
{
	struct options opt = { .operands = { .takes_many = true } };
	struct unread unread = { 0 };
	struct targets targets = { .unread = &unread };
	enum status status, wrong;

	opt_parse(&argp, argc, argv, &opt);
	if (!opt.dry_run)
		opt_report_at_once();
	status = targets_find(&targets, &opt.operands, FACT(QBYTES), false);
	wrong = check_values(&opt, &targets);
	for (size_t i = 0; i < targets.count && wrong == STATUS_OK && !ferror(stdout);
		i++)
		status = cmd_worse(
			status, change(&opt, &targets.list[i], buf_text(&unread.why)));
	targets_free(&targets);
	buf_free(&unread.why);
	opt_operands_free(&opt.operands);
	opt_changes_free(&opt.changes);
	return cmd_worse(status, wrong);
}

const struct cmd cmd_set = {
	.name = "set",
	.summary = "change objects",
	.argp = &argp,
	.exec = exec,
};
