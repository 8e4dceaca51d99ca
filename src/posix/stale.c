/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule of staleness for POSIX objects: ipctool-posix(7) explains each condition. */

#include "process/stale.h"

#include <inttypes.h>

#include "lib/names.h"
#include "posix/name.h"
#include "process/in-use.h"
#include "process/naming.h"
#include "process/rule-times.h"

/* No process uses it. */
static struct verdict
is_unused(const struct evidence *e, const struct object *o)
{
	enum used used = in_use_used(e, o);
	struct verdict v;

	if (used == USED_NO)
		return stale_yes();
	if (used == USED_YES)
		return stale_no(CAUSE_USED);
	v = stale_unknown(CAUSE_LEASE);
	v.used = used;
	return v;
}

/* It has one name, and is not mounted under another one: a bind mount of a file does not
 * prevent a lease. */
static struct verdict
has_one_name(const struct evidence *e, const struct object *o)
{
	struct verdict v = stale_no(CAUSE_LINKS);
	int rc;

	if (o->fact[FACT_NLINK] != 1)
		return v;
	rc = mounts_have_file(e->mounts, o->fact[FACT_DEVICE], posix_file(o->label));
	if (rc == 0)
		return stale_yes();
	v.is_mount = true;
	if (rc < 0)
		v.stale = STALE_UNKNOWN;
	return v;
}

/* Only processes of its owner can open it by its name.  Others could do so between two
 * looks, and leave no trace. */
static struct verdict
is_private(const struct evidence *e, const struct object *o)
{
	(void)e;
	if (o->fact[FACT_MODE] & 077)
		return stale_no(CAUSE_MODE);
	if (!(o->kind->facts & FACT(ACL)))
		return stale_yes();
	if (!object_has(o, FACT(ACL)))
		return stale_unknown(CAUSE_MODE);
	return o->fact[FACT_ACL] ? stale_no(CAUSE_MODE) : stale_yes();
}

/* All its times, that of its creation included, are older than the grace time: that of
 * keyed objects, because a program finds it by its name. */
static struct verdict
is_quiet(const struct evidence *e, const struct object *o)
{
	return stale_quiet_since(e, o, object_latest(o, FACTS_TIMES | FACT(BTIME)), true);
}

/* No living process may know it: each user process may, also an ancestor of ipctool that
 * is as old as the object. */
static struct verdict
is_unknown_to_all(const struct evidence *e, const struct object *o)
{
	time_t made =
		object_latest(o, object_has(o, FACT(BTIME)) ? FACT(BTIME) : FACTS_TIMES);

	return stale_may_find(e, o, made);
}

/* A queue holds no messages. */
static struct verdict
is_empty(const struct evidence *e, const struct object *o)
{
	(void)e;
	if (!object_has(o, FACT(QNUM)))
		return stale_unknown(CAUSE_MESSAGES);
	return o->fact[FACT_QNUM] > 0 ? stale_no(CAUSE_MESSAGES) : stale_yes();
}

/* The same as is_unknown_to_all() for a queue, which cannot be stale if the processes
 * that use it are not searched for: then no process is looked at. */
static struct verdict
is_queue_unknown_to_all(const struct evidence *e, const struct object *o)
{
	return e->context->searches ? is_unknown_to_all(e, o) : stale_unknown(CAUSE_SCAN);
}

static void
put_mode(const struct object *o, const struct verdict *v, struct buf *b)
{
	if (v->stale == STALE_UNKNOWN)
		buf_str(b, "whether it has an ACL cannot be determined");
	else if (o->fact[FACT_MODE] & 077)
		buf_printf(b, "its mode %04o lets other users open it",
			(unsigned)o->fact[FACT_MODE] & 0777);
	else
		buf_str(b, "its ACL lets other users open it");
}

static void
put_links(const struct object *o, const struct verdict *v, struct buf *b)
{
	if (v->stale == STALE_UNKNOWN)
		buf_str(b, "whether it is mounted cannot be determined");
	else if (v->is_mount)
		buf_str(b, "the file is mounted under another name");
	else
		buf_printf(b, "it has %" PRIu64 " names (links)", o->fact[FACT_NLINK]);
}

static void
put_users(const struct evidence *e, const struct object *o, struct buf *b)
{
	size_t count;
	const struct use *uses = scan_uses(e->scan, o, &count);

	if (count == 0) {
		buf_str(b, "in use, but " USED_BY_NONE_FOUND);
		return;
	}
	buf_str(b, "in use by ");
	naming_list(e->context, uses, count, b);
}

/* "app runs 2 processes that may use it: 4711 (worker), 4712 (worker)"; of an object that
 * others may open, "2 processes may use it: ..." */
static void
put_knowers(const struct evidence *e, const struct object *o, const struct verdict *v,
	struct buf *b)
{
	const struct user_procs *u = user_procs_of(e->users, o);
	size_t count = u->all.count;

	if (u->other == NULL || v->stale != STALE_NO) {
		naming_process(e->context, v->pid, "process ", b);
		buf_str(b, " may use it");
		return;
	}
	if (o->fact[FACT_MODE] & 077)
		buf_printf(
			b, "%zu process%s may use it: ", count, count == 1 ? "" : "es");
	else
		buf_printf(b, "%s runs %zu process%s that may use it: ",
			names_user(o->fact[FACT_UID]), count, count == 1 ? "" : "es");
	for (size_t i = 0; i < u->all.named_count; i++)
		naming_process(e->context, u->all.named[i]->pid, i == 0 ? "" : ", ", b);
	if (count > u->all.named_count)
		buf_printf(b, " and %zu more", count - u->all.named_count);
}

static bool
put_messages(const struct verdict *v, struct buf *b)
{
	if (v->stale != STALE_UNKNOWN)
		return false;
	buf_str(b, POSIX_QUEUE_UNREAD);
	return true;
}

static bool
put_verdict(const struct evidence *e, const struct object *o, const struct verdict *v,
	struct buf *b)
{
	switch (v->cause) {
	case CAUSE_NONE:
		buf_str(b, "unused, not active for ");
		buf_age(b, e->context->now - object_active(o));
		buf_printf(
			b, ", no process of %s is left", names_user(o->fact[FACT_UID]));
		return true;
	case CAUSE_USED:
		put_users(e, o, b);
		return true;
	case CAUSE_LEASE:
		o->kind->in_use->put_unknown(e, v->used, b);
		return true;
	case CAUSE_MESSAGES:
		return put_messages(v, b);
	case CAUSE_LINKS:
		put_links(o, v, b);
		return true;
	case CAUSE_MODE:
		put_mode(o, v, b);
		return true;
	case CAUSE_MAY_KNOW:
		put_knowers(e, o, v, b);
		return true;
	default:
		return false;
	}
}

static stale_condition *const conditions[] = { is_unused, has_one_name, is_private,
	is_quiet, is_unknown_to_all, NULL };
static stale_condition *const by_cost[] = { is_private, is_quiet, has_one_name, is_unused,
	is_unknown_to_all, NULL };

#define STALE_OPS \
	.conditions = conditions, .by_cost = by_cost, \
	.needs = SCAN_USERS | SCAN_EVERYONE, .put_reason = put_verdict, \
	.may_know = is_unknown_to_all, .may_lack = FACT(ACL)

const struct stale_ops posix_stale_ops = {
	STALE_OPS,
};

/* An operation on a semaphore changes no time, and takes a moment. */
const struct stale_ops posix_stale_of_sets = {
	STALE_OPS,
	.has_least_grace = true,
};

const struct stale_ops posix_queue_stale_ops = {
	.conditions = (stale_condition *const[]){ is_unused, is_private, is_quiet,
		is_empty, is_queue_unknown_to_all, NULL },
	.by_cost = (stale_condition *const[]){ is_private, is_quiet, is_empty, is_unused,
		is_queue_unknown_to_all, NULL },
	.needs = SCAN_USERS | SCAN_EVERYONE,
	.put_reason = put_verdict,
	.may_know = is_queue_unknown_to_all,
	.may_lack = FACT(QNUM),
	.has_least_grace = true,
};
