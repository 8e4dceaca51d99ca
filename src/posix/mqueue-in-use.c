/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which processes use a message queue: only a search of the descriptors of all processes
 * tells.  A lease would make mq_open(3) fail in other processes, and newer kernels refuse
 * it. */

#include "process/in-use.h"

#include <inttypes.h>
#include <linux/capability.h>

#include "kind/access.h"
#include "posix/dir.h"

static int
find_mqueue_device(dev_t *device)
{
	struct buf cause = { 0 };
	struct posix_dir dir;
	int rc = mqueue_dir_open(&dir, NULL, &cause) < 0 ? -1 : 0;

	if (rc == 0) {
		*device = dir.st.st_dev;
		posix_dir_close(&dir);
	}
	buf_free(&cause);
	return rc;
}

static enum used
find_queue_used(const struct evidence *e, const struct object *o)
{
	size_t count;

	if (!e->context->searches)
		return USED_UNSEEN;
	scan_uses(e->scan, o, &count);
	if (count > 0)
		return USED_YES;
	return in_use_sees_all(e, o) ? USED_NO : USED_UNSEEN;
}

static void
put_unseen_use(const struct evidence *e, enum used used, struct buf *b)
{
	(void)used;
	in_use_put_unseen(e, b);
}

/* An ordinary user may examine only their own processes.  A queue that such a user names
 * is not refused because of the others.  Whether nothing else is unknown. */
static bool
is_excused(
	const struct evidence *e, const struct object *o, const struct in_use_question *q)
{
	return !q->by_conditions && !access_has_everywhere(CAP_SYS_PTRACE) &&
		scan_searches(e->scan, o) && scan_incomplete(e->scan) == NULL &&
		scan_closed_error(e->scan) == 0 && !context_is_partial(e->context);
}

/* Refuses a queue that holds messages, or may hold some.  Returns whether it does. */
static bool
refuse_messages(const struct object *o, struct in_use_answer *a)
{
	uint64_t n = o->fact[FACT_QNUM];

	if (object_has(o, FACT(QNUM)) && n == 0)
		return false;
	a->cause = CAUSE_MESSAGES;
	if (!object_has(o, FACT(QNUM))) {
		a->in_use = IN_USE_MAY_BE;
		buf_str(&a->reason, POSIX_QUEUE_UNREAD);
		return true;
	}
	a->in_use = IN_USE_YES;
	a->is_whole = true;
	buf_printf(&a->reason, "holds %" PRIu64 " message%s", n, n == 1 ? "" : "s");
	return true;
}

static void
find_queue_in_use(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	enum used used = in_use_used(e, o);

	a->scanned = true;
	if (used == USED_YES) {
		posix_refuse_used(e, o, a);
		return;
	}
	if (used != USED_NO && !is_excused(e, o, q)) {
		a->in_use = IN_USE_MAY_BE;
		a->cause = CAUSE_LEASE;
		in_use_put_unseen(e, &a->reason);
		return;
	}
	if (!refuse_messages(o, a) && (q->by_conditions || !q->owned) &&
		in_use_refuse_known(e, o, a))
		return;
	if (a->in_use == IN_USE_NO && used != USED_NO)
		a->unexamined = scan_closed(e->scan);
}

const struct in_use_ops posix_queue_in_use_ops = {
	.find = find_queue_in_use,
	.used = find_queue_used,
	.put_unknown = put_unseen_use,
	.put_going = posix_put_going,
	.device = find_mqueue_device,
	.uses = SCAN_FILES,
	.outlives = true,
	.anyway = "remove the name",
};
