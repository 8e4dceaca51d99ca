/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/in-use.h"

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kind/access.h"
#include "kind/kind.h"
#include "lib/xalloc.h"
#include "process/naming.h"
#include "process/proc.h"

bool
in_use_refuse(const struct evidence *e, const struct object *o, const struct verdict *v,
	struct in_use_answer *a)
{
	if (v->stale == STALE_YES || v->cause == CAUSE_NEVER_USED)
		return false;
	if (v->error != 0 && kind_is_gone(v->error))
		a->in_use = IN_USE_GONE;
	else if (v->stale == STALE_NO && v->cause != CAUSE_MAY_KNOW)
		a->in_use = IN_USE_YES;
	else
		a->in_use = IN_USE_MAY_BE;
	a->cause = v->cause;
	stale_reason(e, o, v, &a->reason);
	return true;
}

bool
in_use_refuse_known(
	const struct evidence *e, const struct object *o, struct in_use_answer *a)
{
	struct verdict v = stale_may_know(e, o);

	a->scanned = true;
	return in_use_refuse(e, o, &v, a);
}

void
in_use_find(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	*a = (struct in_use_answer){ .in_use = IN_USE_NO, .joint = ": " };
	if (o->kind->in_use != NULL) {
		o->kind->in_use->find(e, o, q, a);
		return;
	}
	a->in_use = IN_USE_MAY_BE;
	a->cause = CAUSE_SCAN;
	buf_printf(&a->reason, "ipctool cannot determine who uses %s", o->kind->title);
}

bool
in_use_may_know(const struct evidence *e, const struct object *o, struct buf *reason)
{
	struct verdict v = stale_may_know(e, o);

	if (v.stale == STALE_YES || v.pid == 0)
		return false;
	stale_reason(e, o, &v, reason);
	return true;
}

bool
in_use_tells(const struct kind *kind)
{
	return kind->in_use != NULL && kind->in_use->used != NULL;
}

enum used
in_use_used(const struct evidence *e, const struct object *o)
{
	return object_has(o, FACT(USED)) ? o->fact[FACT_USED]
					 : o->kind->in_use->used(e, o);
}

unsigned
in_use_needs_of_uses(const struct kind *kind)
{
	return kind->in_use == NULL ? 0 : kind->in_use->uses;
}

unsigned
in_use_needs_of_waits(const struct kind *kind)
{
	return kind->in_use == NULL ? 0 : kind->in_use->waits;
}

unsigned
in_use_needs(const struct kind *kind)
{
	return stale_needs(kind) | in_use_needs_of_uses(kind);
}

bool
in_use_is_waited(const struct evidence *e, const struct object *o)
{
	const struct in_use_ops *ops = o->kind->in_use;

	return ops->is_waited != NULL && ops->is_waited(e, o);
}

/* Appends what the scan of the processes lacks. */
static void
put_gap(struct scan *s, struct buf *b)
{
	switch (scan_gap(s)) {
	case SCAN_GAP_HIDDEN:
		buf_str(b, "/proc hides processes of other users (hidepid); run as root");
		break;
	case SCAN_GAP_FOREIGN:
		buf_str(b, "/proc shows another PID namespace");
		break;
	case SCAN_GAP_FAST:
		buf_str(b, "processes start and end too fast to examine all");
		break;
	case SCAN_GAP_OTHER:
		buf_str(b, scan_incomplete(s));
		break;
	case SCAN_WHOLE:
		break;
	}
}

bool
in_use_sees_all(const struct evidence *e, const struct object *o)
{
	return scan_searches(e->scan, o) && scan_closed(e->scan) == 0 &&
		scan_incomplete(e->scan) == NULL && !context_is_partial(e->context);
}

void
in_use_put_unseen(const struct evidence *e, struct buf *b)
{
	struct scan *s = e->scan;
	size_t closed = scan_closed(s);

	put_gap(s, b);
	if (b->len > 0)
		return;
	if (context_is_partial(e->context))
		buf_str(b,
			"processes outside this PID namespace are not visible; use "
			"--alone if none of them uses these objects");
	else if (closed > 0)
		buf_printf(b, "%zu process%s could not be examined%s", closed,
			closed == 1 ? "" : "es", access_hint());
	else
		buf_str(b,
			"the processes could not be searched for files of this file "
			"system; try again");
}

static void
add_caller_uid(struct in_use_caller *caller, uid_t uid)
{
	/* The overflow uid stands for many users. */
	if (access_sees_unmapped_user(uid))
		return;
	caller->uids =
		xreallocarray(caller->uids, caller->count + 1, sizeof *caller->uids);
	caller->uids[caller->count++] = uid;
}

void
in_use_caller_find(const struct context *c, struct in_use_caller *caller)
{
	struct proc_ids ids = { 0 };
	struct proc p;

	*caller = (struct in_use_caller){ 0 };
	add_caller_uid(caller, getuid());
	add_caller_uid(caller, geteuid());
	for (pid_t pid = getppid(); c->proc_is_ours && pid != 0; pid = p.parent) {
		if (proc_read(pid, &p) < 0 || proc_read_ids(pid, &ids) < 0)
			break;
		add_caller_uid(caller, ids.uids[0]);
		add_caller_uid(caller, ids.uids[1]);
	}
	buf_free(&ids.gids);
}

void
in_use_caller_free(struct in_use_caller *caller)
{
	free(caller->uids);
}

bool
in_use_owns(const struct in_use_caller *caller, const struct object *o)
{
	for (size_t i = 0; i < caller->count; i++)
		if (caller->uids[i] == o->fact[FACT_UID])
			return true;
	return false;
}
