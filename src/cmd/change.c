/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/change.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "cli/properties.h"
#include "cmd/change-values.h"
#include "cmd/change-work.h"
#include "kind/access.h"
#include "kind/memory.h"
#include "lib/ipc-lock.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/xalloc.h"
#include "report/explain.h"

/* The state of the whole run. */
struct run {
	const struct change *opt;
	bool *changed; /* for each target: changed, but not yet reported */
	const struct change_work *now; /* the current object, or NULL */
	struct ipc_lock lock;
};

static int
apply_changes(struct change_work *w, const struct object *wanted)
{
	bool may_change = access_may_change(&w->old);
	int error;

	if (properties_fit_changed(wanted->kind, PROPERTY(QBYTES), NULL) &&
		!object_has(wanted, FACT(QBYTES))) {
		buf_printf(&w->cause,
			"its qbytes could not be read, and would be lost (give "
			"--qbytes): %s",
			w->unread);
		return -1;
	}
	/* A dry run reports what it can find out. */
	if (w->opt->dry_run ? may_change && access_may_give(&w->old, wanted) &&
				!explain_exceeds(wanted)
			    : wanted->kind->apply(&w->old, wanted) == 0)
		return 0;
	error = w->opt->dry_run ? EPERM : errno;
	if (!explain_gone(&w->old, error, &w->cause))
		explain_apply(&w->old, wanted, may_change, error, &w->cause);
	return -1;
}

/* Whether IPC_SET would change nothing. */
static bool
is_alike(const struct object *a, const struct object *b)
{
	return ((a->fact[FACT_MODE] ^ b->fact[FACT_MODE]) & 0777) == 0 &&
		a->fact[FACT_UID] == b->fact[FACT_UID] &&
		a->fact[FACT_GID] == b->fact[FACT_GID] &&
		((a->have ^ b->have) & FACT(QBYTES)) == 0 &&
		(!object_has(a, FACT(QBYTES)) ||
			a->fact[FACT_QBYTES] == b->fact[FACT_QBYTES]);
}

/* Grants the permissions that the new mode grants, because the values may need them, and
 * removes none yet. */
static int
grant(struct change_work *w)
{
	unsigned old = w->old.fact[FACT_MODE] & 0777;

	w->granted = w->old;
	if (w->opt->changes->values.count == 0 ||
		(w->wanted.fact[FACT_MODE] & 0777 & ~old) == 0)
		return 0;
	object_set(&w->granted, FACT_MODE, old | w->wanted.fact[FACT_MODE]);
	/* If the value cannot be set, the mode stays. */
	if (change_may_set_value(w) && apply_changes(w, &w->granted) == 0)
		return 0;
	w->granted = w->old;
	return -1;
}

static void
note_mode(struct change_work *w, const struct object *new)
{
	buf_printf(change_note(w), "mode %04o -> %04o",
		(unsigned)w->old.fact[FACT_MODE] & 0777,
		(unsigned)new->fact[FACT_MODE] & 0777);
}

static void
note_rest(struct change_work *w)
{
	const uint64_t *old = w->old.fact;
	const uint64_t *new = w->wanted.fact;

	if ((old[FACT_MODE] ^ new[FACT_MODE]) & 0777)
		note_mode(w, &w->wanted);
	if (old[FACT_UID] != new[FACT_UID]) {
		buf_printf(change_note(w), "owner %s", names_user(old[FACT_UID]));
		buf_printf(&w->done, " -> %s", names_user(new[FACT_UID]));
	}
	if (old[FACT_GID] != new[FACT_GID]) {
		buf_printf(change_note(w), "group %s", names_group(old[FACT_GID]));
		buf_printf(&w->done, " -> %s", names_group(new[FACT_GID]));
	}
	if (!object_has(&w->wanted, FACT(QBYTES)))
		return;
	if (!object_has(&w->old, FACT(QBYTES)))
		buf_printf(change_note(w), "qbytes -> %" PRIu64, new[FACT_QBYTES]);
	else if (old[FACT_QBYTES] != new[FACT_QBYTES])
		buf_printf(change_note(w), "qbytes %" PRIu64 " -> %" PRIu64,
			old[FACT_QBYTES], new[FACT_QBYTES]);
}

/* Changes mode, owner, group and qbytes. */
static int
change_rest(struct change_work *w)
{
	int rc = 0;

	if (is_alike(&w->old, &w->wanted))
		return 0;
	note_rest(w);
	if (!is_alike(&w->granted, &w->wanted))
		rc = apply_changes(w, &w->wanted);
	change_keep_notes(w, rc == 0);
	if (rc == 0)
		w->granted = w->old; /* the notes include its mode */
	return rc;
}

/* Computes the wanted mode, owner, group and qbytes from w->old. */
static void
want(struct change_work *w)
{
	const struct opt_changes *opt = w->opt->changes;

	w->wanted = w->old;
	if (opt->mode != NULL)
		object_set(&w->wanted, FACT_MODE,
			mode_apply(opt->mode, w->old.fact[FACT_MODE] & 0777));
	if (opt->uid != OPT_CHANGES_KEEP)
		object_set(&w->wanted, FACT_UID, opt->uid);
	if (opt->gid != OPT_CHANGES_KEEP)
		object_set(&w->wanted, FACT_GID, opt->gid);
	if (opt->qbytes != 0)
		object_set(&w->wanted, FACT_QBYTES, opt->qbytes);
}

/* Whether a property that was not to change has changed. */
static bool
was_changed_by_others(const struct change_work *w, const struct object *now)
{
	const struct opt_changes *opt = w->opt->changes;
	struct object wanted = w->wanted;

	if (opt->mode != NULL)
		wanted.fact[FACT_MODE] = now->fact[FACT_MODE];
	if (opt->uid != OPT_CHANGES_KEEP)
		wanted.fact[FACT_UID] = now->fact[FACT_UID];
	if (opt->gid != OPT_CHANGES_KEEP)
		wanted.fact[FACT_GID] = now->fact[FACT_GID];
	if (opt->qbytes != 0)
		wanted.fact[FACT_QBYTES] = now->fact[FACT_QBYTES];
	return !is_alike(&wanted, now);
}

/*
 * Checks whether another program that does not use our lock has changed other properties
 * at the same time; it may have overwritten our change with old values.  Then the change
 * is made once more, based on the current values.  The kernel has no conditional IPC_SET,
 * so a change by the other program just before ours goes unnoticed.
 */
static int
change_again(struct change_work *w)
{
	struct object now;
	unsigned mode = w->wanted.fact[FACT_MODE] & 0777;

	if (source_reread(&w->old, &now, NULL) != REREAD_SAME ||
		!was_changed_by_others(w, &now))
		return 0;
	w->old = w->granted = now;
	want(w);
	/* A relative mode such as u=g,g=o must not be applied twice. */
	if ((now.fact[FACT_MODE] & 0777) == mode)
		object_set(&w->wanted, FACT_MODE, mode);
	return is_alike(&w->old, &w->wanted) ? 0 : apply_changes(w, &w->wanted);
}

static int
change_lock(struct change_work *w)
{
	const struct opt_changes *opt = w->opt->changes;
	const struct lock_ops *ops = w->old.kind->lock;
	bool may_lock;
	int error, rc;

	if ((!opt->lock && !opt->unlock) || ops->is_locked(&w->old) == opt->lock)
		return 0;
	may_lock = ops->may_lock(&w->old);
	buf_printf(change_note(w), "%s", opt->lock ? "locked" : "unlocked");
	rc = w->opt->dry_run ? (may_lock ? 0 : -1) : ops->lock(&w->old, opt->lock);
	error = w->opt->dry_run ? EPERM : errno;
	change_keep_notes(w, rc == 0);
	if (rc < 0 && !explain_gone(&w->old, error, &w->cause)) {
		buf_printf(&w->cause, "cannot %s it: ", opt->lock ? "lock" : "unlock");
		explain_lock(&w->old, may_lock, error, &w->cause);
	}
	return rc;
}

/* Reads an object again directly before its change, so that properties that are not named
 * keep their current values, and another object is not changed. */
static bool
read_again(const struct target *t, struct object *now)
{
	struct buf cause = { 0 };
	enum reread reread = source_reread(&t->object, now, &cause);

	if (reread == REREAD_UNREADABLE)
		say("%s: %s", t->text, buf_text(&cause));
	else if (reread == REREAD_GONE)
		say("%s: it has been removed meanwhile", t->text);
	else if (reread == REREAD_ANOTHER)
		say("%s: another object has replaced it meanwhile; that one stays as it "
		    "is",
			t->text);
	buf_free(&cause);
	return reread == REREAD_SAME;
}

/* Makes all changes and notes them.  -1 with the cause. */
static int
make_changes(struct change_work *w)
{
	want(w);
	change_prepare_values(w);
	if (grant(w) < 0 || change_values(w) < 0 || change_rest(w) < 0)
		return -1;
	if (!w->opt->dry_run && !is_alike(&w->old, &w->wanted) && change_again(w) < 0)
		return -1;
	return change_lock(w);
}

static enum status
change_object(struct run *r, size_t i)
{
	const struct change *opt = r->opt;
	struct target target;
	const struct target *t = &target;
	struct change_work w = {
		.opt = opt, .target = t, .unread = buf_text(r->opt->targets->unread)
	};
	enum status status = STATUS_OK;
	int rc;

	targets_get(r->opt->targets, i, &target);
	if (!opt->dry_run)
		ipc_lock_take(&r->lock);
	if (!read_again(t, &w.old)) {
		ipc_lock_release(&r->lock);
		return STATUS_SOME;
	}
	r->now = &w;
	rc = make_changes(&w);
	ipc_lock_release(&r->lock);
	if (rc < 0) {
		status = STATUS_SOME;
		if (opt->dry_run)
			w.done.len = 0;
		else if (!is_alike(&w.granted, &w.old))
			note_mode(&w, &w.granted);
		say("%s: %s%s%s", t->text, buf_text(&w.cause),
			w.done.len > 0 ? "; changed before that: " : "",
			buf_text(&w.done));
	} else if (w.done.len > 0 && (opt->dry_run || opt->verbose)) {
		opt_report("%s%s: %s", opt->dry_run ? "would change " : "", t->text,
			buf_text(&w.done));
	} else {
		r->changed[i] = w.done.len > 0;
	}
	r->now = NULL;
	change_free_values(&w);
	buf_free(&w.done);
	buf_free(&w.cause);
	return status;
}

/* Reports the changes made, when memory runs out. */
static void
say_changed(void *data)
{
	const struct run *r = data;
	const struct change_work *w = r->now;

	for (size_t i = 0; i < r->opt->targets->count; i++) {
		struct target t;

		if (!r->changed[i])
			continue;
		targets_get(r->opt->targets, i, &t);
		fprintf(stderr, "%s: %s: changed\n", getprogname(), t.text);
	}
	if (w == NULL || w->opt->dry_run)
		return;
	if (w->made > 0)
		fprintf(stderr, "%s: %s: changed: %.*s\n", getprogname(), w->target->text,
			(int)w->made, w->done.data);
	if (!is_alike(&w->granted, &w->old))
		fprintf(stderr, "%s: %s: changed: mode %04o -> %04o\n", getprogname(),
			w->target->text, (unsigned)w->old.fact[FACT_MODE] & 0777,
			(unsigned)w->granted.fact[FACT_MODE] & 0777);
}

enum status
change_all(const struct change *opt)
{
	struct run r = { .opt = opt };
	size_t count = opt->targets->count;
	enum status status = STATUS_OK;

	r.changed = xcalloc(count + 1, sizeof *r.changed);
	ipc_lock_open(&r.lock);
	xalloc_at_failure(say_changed, &r);
	for (size_t i = 0; i < count && !ferror(stdout); i++)
		status = cmd_worse(status, change_object(&r, i));
	xalloc_at_failure(NULL, NULL);
	ipc_lock_close(&r.lock);
	free(r.changed);
	return status;
}
