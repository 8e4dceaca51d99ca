/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/explain.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kind/access.h"
#include "kind/limit.h"
#include "kind/queue.h"
#include "kind/ref.h"
#include "kind/source.h"
#include "lib/huge.h"
#include "lib/names.h"
#include "report/limit-text.h"

/* How much of a limit the new object would use. */
static uint64_t
asked(const struct limit *l, const struct creation *what)
{
	if (l->role == LIMIT_OBJECTS)
		return 1;
	if (what->nsems != 0)
		return what->nsems;
	return what->size / l->unit + (what->size % l->unit != 0);
}

/* Whether this limit is the reason for the errno. */
static bool
is_broken(const struct limit *l, const struct creation *what, int error)
{
	uint64_t wanted = asked(l, what);

	switch (l->role) {
	case LIMIT_OBJECTS:
	case LIMIT_TOTAL:
		return error == ENOSPC &&
			(l->used >= l->limit || wanted > l->limit - l->used);
	case LIMIT_EACH:
		return error == EINVAL && wanted > l->limit;
	case LIMIT_LEAST:
		return error == EINVAL && wanted < l->limit;
	default:
		return false;
	}
}

/* That a limit is full, and how to make room. */
static void
put_full(
	const struct kind *kind, const struct limit *l, uint64_t wanted, struct buf *text)
{
	struct buf way = { 0 };
	bool can_be_raised = limit_text_raise(kind, l, ipcns_now(), wanted, &way);

	buf_printf(text, "%s is full: %llu of %llu %s are used", l->name,
		(unsigned long long)l->used, (unsigned long long)l->limit, l->what);
	if (wanted > 1)
		buf_printf(
			text, ", and %llu more are wanted", (unsigned long long)wanted);
	buf_printf(text, "; %s%s", can_be_raised ? "to raise it: " : "", buf_text(&way));
	buf_free(&way);
}

static void
put_limit(const struct kind *kind, const struct limit *l, const struct creation *what,
	struct buf *text)
{
	if (l->counted) {
		put_full(kind, l, asked(l, what), text);
		return;
	}
	buf_printf(text, "%llu is beyond %s, %llu %s", (unsigned long long)asked(l, what),
		l->name, (unsigned long long)l->limit, l->what);
	if (l->sysctl != NULL) {
		buf_str(text, " (sysctl ");
		limit_text_sysctl(l, text);
		buf_char(text, ')');
	}
}

void
explain_create(
	const struct kind *kind, const struct creation *what, int error, struct buf *text)
{
	struct limit limits[LIMITS_MAX];
	int count = limits_of(kind, limits, NULL);

	for (int i = 0; i < count; i++)
		if (is_broken(&limits[i], what, error)) {
			put_limit(kind, &limits[i], what, text);
			return;
		}
	if (error == ENOSYS)
		buf_printf(text, "this kernel has no %ss", kind->noun);
	else
		buf_str(text, strerror(error));
	/* Rounded up to whole pages the size may exceed 64 bits; then the errno is
	 * ENOSPC. */
	if (what->size > INT64_MAX &&
		(error == EINVAL || error == ENOSPC || error == ENOMEM))
		buf_printf(text, ": no segment can have more than %lld bytes",
			(long long)INT64_MAX);
	else if (what->huge && (error == EPERM || error == ENOMEM || error == EINVAL))
		huge_explain(what->huge_size, error, text);
	else if (error == ENOMEM && what->nsems > 0)
		buf_str(text,
			": the kernel has no memory for a set of so many semaphores "
			"(those of one set together take less than 2 GiB)");
	else if (error == ENOMEM && what->size > 0 && !what->no_reserve)
		buf_str(text,
			": there is not that much memory and swap to reserve "
			"(--no-reserve reserves none)");
}

static void
put_owner(const struct object *o, struct buf *text)
{
	const struct kind_words *says = kind_says(o->kind);

	buf_printf(text, "%s%s%s", says->belongs, names_user(o->fact[FACT_UID]),
		says->may_change);
}

/* Finds the limit of a kind with this role.  Returns whether there is one. */
static bool
find_limit(const struct kind *kind, enum limit_role role, struct limit *found)
{
	struct limit limits[LIMITS_MAX];
	int count = limits_of(kind, limits, NULL);

	for (int i = 0; i < count; i++)
		if (limits[i].role == role) {
			*found = limits[i];
			return true;
		}
	return false;
}

bool
explain_exceeds(const struct object *wanted)
{
	struct limit limit;

	return object_has(wanted, FACT(QBYTES)) &&
		find_limit(wanted->kind, LIMIT_QUEUE, &limit) &&
		wanted->fact[FACT_QBYTES] > limit.limit &&
		!access_has_everywhere(CAP_SYS_RESOURCE);
}

void
explain_apply(const struct object *old, const struct object *wanted, bool may_change,
	int error, struct buf *text)
{
	struct limit limit;
	bool gives = old->fact[FACT_UID] != wanted->fact[FACT_UID] ||
		old->fact[FACT_GID] != wanted->fact[FACT_GID];

	if (error == EPERM && !may_change) {
		put_owner(old, text);
		return;
	}
	if (error == EPERM && !access_may_give(old, wanted)) {
		buf_str(text, kind_says(old->kind)->may_give);
		return;
	}
	if (error == EINVAL && gives)
		buf_str(text,
			"the kernel does not know this user or group (in a user "
			"namespace only those that it maps exist)");
	else if (error == EINVAL)
		buf_str(text,
			"it is gone, or its user or group is none that this user "
			"namespace maps");
	else
		buf_str(text, strerror(error));
	if (error == EPERM && find_limit(old->kind, LIMIT_QUEUE, &limit) &&
		wanted->fact[FACT_QBYTES] > limit.limit)
		buf_printf(text,
			": its limit would be %llu bytes, above %s, %llu (sysctl %s), "
			"and then every change of the queue needs CAP_SYS_RESOURCE",
			(unsigned long long)wanted->fact[FACT_QBYTES], limit.name,
			(unsigned long long)limit.limit, limit.sysctl);
}

void
explain_lock(const struct object *o, bool may_lock, int error, struct buf *text)
{
	struct rlimit most;

	if (error == EPERM && !may_lock) {
		put_owner(o, text);
		return;
	}
	buf_str(text, strerror(error));
	if ((error == ENOMEM || error == EPERM) && getrlimit(RLIMIT_MEMLOCK, &most) == 0)
		buf_printf(text,
			": the segment has %llu bytes, and this user may lock %llu in "
			"all (RLIMIT_MEMLOCK, ulimit -l)",
			(unsigned long long)o->fact[FACT_SIZE],
			(unsigned long long)most.rlim_cur);
}

/* Appends which permission bit is missing, and for whom.  If none is, the mode is not the
 * reason. */
static void
put_access(const struct object *o, unsigned wanted, struct buf *text)
{
	static const char *const whose[] = {
		[ACCESS_OTHER] = "others",
		[ACCESS_GROUP] = "the group",
		[ACCESS_OWNER] = "the owner",
	};
	bool reads = (wanted & 04) && !access_is_allowed(o, 04);
	bool writes = (wanted & 02) && !access_is_allowed(o, 02);

	if (!reads && !writes) {
		buf_str(text,
			"permission denied, though its mode allows it: by a security "
			"module or a sandbox");
		return;
	}
	buf_printf(text, "no permission to %s%s%s: its mode, %04o, has no %s for %s",
		reads ? "read" : "", reads && writes ? " and " : "",
		writes ? "write" : "", (unsigned)o->fact[FACT_MODE] & 0777,
		reads && writes  ? "rw"
			: writes ? "w"
				 : "r",
		whose[access_class(o)]);
	buf_printf(text, " (owner %s,", names_user(o->fact[FACT_UID]));
	buf_printf(text, " group %s;", names_group(o->fact[FACT_GID]));
	buf_printf(text, " you are %s)", names_user(geteuid()));
}

/* Whether the object is gone. */
static bool
has_gone(const struct object *o)
{
	struct object now;
	enum reread reread = source_reread(o, &now, NULL);

	return reread == REREAD_GONE || reread == REREAD_ANOTHER;
}

bool
explain_gone(const struct object *o, int error, struct buf *text)
{
	if (error != EIDRM && !(kind_is_gone(error) && has_gone(o)))
		return false;
	buf_str(text, "it has been removed meanwhile");
	return true;
}

void
explain_use(const struct object *o, unsigned wanted, int error, struct buf *text)
{
	if (error == EACCES)
		put_access(o, wanted, text);
	else if (!explain_gone(o, error, text))
		buf_str(text, strerror(error));
}

bool
explain_message(const struct queue *q, uint64_t size, bool more, struct buf *text)
{
	if (size <= queue_most(q))
		return false;
	q->object->kind->queue->put_too_large(q, size, more, text);
	return true;
}

bool
explain_message_now(const struct queue *q, uint64_t size, struct buf *text)
{
	struct queue queue = *q;
	struct object now;

	if (source_reread(q->object, &now, NULL) == REREAD_SAME)
		queue.object = &now;
	return explain_message(&queue, size, false, text);
}

void
explain_attach(const struct object *o, unsigned wanted, int error, struct buf *text)
{
	if (error == ENOMEM)
		buf_printf(text,
			"there is no room for its %llu bytes in the address space "
			"(ulimit -v)",
			(unsigned long long)o->fact[FACT_SIZE]);
	else
		explain_use(o, wanted, error, text);
}
