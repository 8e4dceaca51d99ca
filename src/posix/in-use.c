/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which processes use the objects: the kernel tells whether any does, and a search of the
 * processes which. */

#include "process/in-use.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "posix/lease.h"
#include "posix/name.h"
#include "process/naming.h"

/* The device of the files of all objects. */
static int
find_device(dev_t *device)
{
	struct posix_dir dir;
	struct buf cause = { 0 };
	int rc = posix_dir_open(&dir, NULL, &cause);

	buf_free(&cause);
	if (rc < 0)
		return -1;
	*device = dir.st.st_dev;
	posix_dir_close(&dir);
	return 0;
}

/* Asks the kernel.  Nothing happens between the lease and its end. */
static enum used
ask_kernel(const struct object *o, bool patient)
{
	struct posix_dir dir;
	struct buf cause = { 0 };
	struct lease lease;
	enum used used;

	if (posix_dir_open(&dir, NULL, &cause) < 0) {
		used = USED_UNOPENED + errno;
	} else if (!dir.may_open) {
		used = USED_ELSEWHERE;
		posix_dir_close(&dir);
	} else {
		used = lease_take(&lease, &dir, o, patient);
		if (used == USED_NO)
			lease_end(&lease);
		posix_dir_close(&dir);
	}
	buf_free(&cause);
	return used;
}

static enum used
find_used(const struct evidence *e, const struct object *o)
{
	enum used used = USED_YES;
	size_t count = 0;

	/* It was found in a process that uses it. */
	if (o->label->name != NULL)
		used = ask_kernel(o, e->context->patient);
	if (used_is_known(used) || !e->context->searches)
		return used;
	/* The search sees no descriptor in flight and no process of another PID
	 * namespace, so it never shows that an object is not used. */
	scan_uses(e->scan, o, &count);
	return count > 0 ? USED_YES : used;
}

static void
put_unknown_use(const struct evidence *e, enum used used, struct buf *b)
{
	switch (used) {
	case USED_NO:
	case USED_YES:
		break;
	case USED_UNSEEN:
		in_use_put_unseen(e, b);
		break;
	case USED_DENIED:
		buf_str(b, "a lease needs the owner or CAP_LEASE; run as root");
		break;
	case USED_NO_LEASES:
		buf_str(b, "this file system grants no lease");
		break;
	case USED_DISABLED:
		buf_str(b, "leases are disabled (fs.leases-enable=0)");
		break;
	case USED_ELSEWHERE:
		buf_str(b, POSIX_NOT_OPENED);
		break;
	default:
		buf_printf(b, "the file cannot be opened: %s",
			strerror(used - USED_UNOPENED));
	}
}

void
posix_refuse_used(
	const struct evidence *e, const struct object *o, struct in_use_answer *a)
{
	size_t count;
	const struct use *uses = scan_uses(e->scan, o, &count);

	a->in_use = IN_USE_YES;
	a->cause = CAUSE_USED;
	a->processes = naming_count(uses, count);
	a->joint = count > 0 ? " by " : ", but ";
	if (count > 0)
		naming_list(e->context, uses, count, &a->reason);
	else
		buf_str(&a->reason, USED_BY_NONE_FOUND);
}

/* Whether a process that may know an unused object keeps it. */
static bool
minds_knowers(const struct object *o, const struct in_use_question *q)
{
	if (o->kind->in_use->is_exact)
		return q->by_conditions && !q->knows_attached;
	return q->by_conditions || !q->owned;
}

static void
find_in_use(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	enum used used = in_use_used(e, o);

	if (used == USED_YES) {
		posix_refuse_used(e, o, a);
	} else if (used != USED_NO) {
		a->in_use = IN_USE_MAY_BE;
		a->cause = CAUSE_LEASE;
		put_unknown_use(e, used, &a->reason);
	} else if (minds_knowers(o, q)) {
		in_use_refuse_known(e, o, a);
	}
	/* A second look sees a process that has just closed it, or has not yet opened
	 * it. */
	a->scanned |= q->by_conditions;
}

/* "has no name any more; it is freed when 4711 (python3) ends" */
void
posix_put_going(const struct evidence *e, const struct object *o, struct buf *b)
{
	size_t count;
	const struct use *uses = scan_uses(e->scan, o, &count);

	buf_str(b, "has no name any more; it is freed when ");
	if (count == 0) {
		buf_str(b, "the last process that uses it ends");
		return;
	}
	naming_list(e->context, uses, count, b);
	buf_str(b, naming_count(uses, count) == 1 ? " ends" : " end");
}

#define IN_USE_OPS \
	.find = find_in_use, .used = find_used, .put_unknown = put_unknown_use, \
	.put_going = posix_put_going, .device = find_device, .uses = SCAN_FILES, \
	.outlives = true, .anyway = "remove the name"

const struct in_use_ops posix_in_use_ops = {
	IN_USE_OPS,
	.is_exact = true,
};

/* A process that has no semaphore open may still count on its value. */
const struct in_use_ops posix_in_use_of_sets = {
	IN_USE_OPS,
};
