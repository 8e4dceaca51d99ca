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

/* Refuses for what a condition of staleness says.  Whether the answer is found. */
static bool
refuse(const struct evidence *e, const struct object *o, const struct verdict *v,
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

/*
 * For an ordinary user, who may examine no processes but their own, a queue that they
 * name is refused only for what is known of these.  Whether the answer is found.
 */
static bool
refuse_unexamined(const struct evidence *e, struct in_use_answer *a)
{
	struct scan_waiting waiting = scan_waiting(e->scan);

	a->in_use = IN_USE_MAY_BE;
	a->cause = CAUSE_SCAN;
	if (waiting.failed > 0) {
		buf_printf(&a->reason, "%zu process%s could not be examined: %s",
			waiting.failed, waiting.failed == 1 ? "" : "es",
			strerror(waiting.error));
		return true;
	}
	if (waiting.may_wait != 0) {
		naming_process(e->context, waiting.may_wait, "process ", &a->reason);
		buf_str(&a->reason,
			" waits on a queue, and which one it is may not be read (yama)");
		return true;
	}
	if (context_is_partial(e->context)) {
		const struct verdict v = { .stale = STALE_UNKNOWN,
			.cause = CAUSE_NAMESPACE };

		a->cause = CAUSE_NAMESPACE;
		stale_reason(e, NULL, &v, &a->reason);
		return true;
	}
	a->in_use = IN_USE_NO;
	a->cause = CAUSE_NONE;
	a->unexamined = waiting.denied;
	return false;
}

/* Whether a queue is in use by a process that waits on it, or holds messages. */
static bool
refuse_queue(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	struct verdict v = stale_waiting(e, o);
	bool excused = v.cause == CAUSE_SCAN && scan_incomplete(e->scan) == NULL &&
		!q->by_conditions && !access_has_everywhere(CAP_SYS_PTRACE);

	a->scanned = true;
	if (excused ? refuse_unexamined(e, a) : refuse(e, o, &v, a))
		return true;
	if (o->fact[FACT_QNUM] == 0)
		return false;
	stale_judge(e, o, true, &v);
	if (v.stale == STALE_YES)
		return false;
	a->in_use = IN_USE_YES;
	a->cause = CAUSE_MESSAGES;
	buf_printf(&a->reason, "it holds %llu message%s",
		(unsigned long long)o->fact[FACT_QNUM],
		o->fact[FACT_QNUM] == 1 ? "" : "s");
	return true;
}

void
in_use_find(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	bool is_segment = o->kind->facts & FACT(NATTCH);
	struct verdict v = stale_attached(e, o);

	*a = (struct in_use_answer){ .in_use = IN_USE_NO };
	if (refuse(e, o, &v, a))
		return;
	if (!is_segment) {
		v = stale_recorded(e, o);
		if (refuse(e, o, &v, a))
			return;
	}
	if ((o->kind->facts & FACT(QNUM)) && refuse_queue(e, o, q, a))
		return;
	if (q->by_conditions ? is_segment && q->knows_attached : q->owned || is_segment)
		return;
	a->scanned = true;
	v = stale_may_know(e, o);
	refuse(e, o, &v, a);
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

unsigned
in_use_needs(const struct kind *kind)
{
	return stale_needs(kind) | (kind->mapping != NULL ? SCAN_MAPS : SCAN_WAITERS);
}

static void
add_caller_uid(struct in_use_caller *caller, uid_t uid)
{
	/* What a user namespace does not map stands for many users. */
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
