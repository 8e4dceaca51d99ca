/* SPDX-License-Identifier: GPL-3.0-or-later */

/* File locks: flock(2), and those of fcntl(2) by process and by open file description. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "waits/locks.h"
#include "waits/read.h"
#include "waits/reference.h"
#include "waits/resolve.h"

static bool
has_lock(enum call_does does)
{
	return does == CALL_FLOCK || does == CALL_FCNTL;
}

static const char lock_line; /* identifies a line of /proc/locks */
static const char lock_file; /* identifies a file with a lock that has no line there */

/* The type of the lock that a call waits for; false if it waits for none. */
static bool
find_lock_type(const struct thread *t, enum lock_type *type)
{
	enum { SETLKW = 7, SETLKW64 = 14, OFD_SETLKW = 38 }; /* of all architectures */

	*type = LOCK_FLOCK;
	if (t->call.form->does == CALL_FLOCK)
		return true;
	*type = call_int(&t->call, 1) == OFD_SETLKW ? LOCK_OFD : LOCK_POSIX;
	return call_int(&t->call, 1) == OFD_SETLKW || call_int(&t->call, 1) == SETLKW ||
		(t->call.is_narrow && call_int(&t->call, 1) == SETLKW64);
}

/* Whether a wish with a range is that of a thread, as its memory tells. */
static bool
has_range(const struct thread *t, const struct lock *lock)
{
	struct flock range;

	if (t->call.is_narrow ||
		!read_memory(t->tid, t->call.args[2], &range, sizeof range))
		return true;
	if (range.l_whence != SEEK_SET || range.l_len < 0)
		return true;
	return lock->start == (uint64_t)range.l_start &&
		lock->end ==
		(range.l_len == 0 ? UINT64_MAX
				  : (uint64_t)range.l_start + range.l_len - 1);
}

/* The line of the wish of a thread, or NULL. */
static const struct lock *
find_wish(const struct resolver *r, const struct thread *t, enum lock_type type,
	const struct descriptor *file)
{
	pid_t pid = type == LOCK_OFD ? -1 : world_process_of(r->w, t)->pid;

	for (size_t i = 0; i < r->locks->count; i++) {
		const struct lock *l = &r->locks->list[i];

		if (l->depth > 0 && l->type == type && l->pid == pid &&
			l->inode == file->inode && l->device == file->device &&
			(type == LOCK_FLOCK || has_range(t, l)))
			return l;
	}
	return NULL;
}

/* --- Who holds a lock ------------------------------- */

/* Whether a descriptor shares the open file description that holds a lock. */
struct match {
	const struct lock *lock;
	bool any; /* any lock of its type on its file */
	bool found;
};

static void
match_lock(void *arg, const struct lock *lock)
{
	struct match *m = arg;

	if (m->any)
		m->found |= lock->type == m->lock->type &&
			lock->device == m->lock->device && lock->inode == m->lock->inode;
	else
		m->found |= lock_is_same(lock, m->lock);
}

/* The holders of a lock of an open file description are all processes that share it.  The
 * one that took it may have ended. */
static void
add_sharers(struct resolver *r, size_t resource, const struct lock *lock, bool any)
{
	struct buf info = { 0 };
	const struct descriptor *list;
	size_t count;

	list = descriptors_of_file(r->descriptors, lock->device, lock->inode, &count);
	for (size_t i = 0; i < count; i++) {
		struct match m = { .lock = lock, .any = any };

		if (descriptor_info(r->w, &list[i], &info) < 0)
			continue;
		locks_of_info(buf_text(&info), match_lock, &m);
		if (m.found)
			world_add_releaser(r->w, resource,
				(struct releaser){
					list[i].process, GRADE_EXACT, "holds it", -1 });
	}
	buf_free(&info);
}

static void
add_holders(struct resolver *r, size_t resource, const struct lock *lock)
{
	size_t taker = lock->pid > 0 ? world_find(r->w, lock->pid) : NONE;

	if (lock->type != LOCK_POSIX)
		add_sharers(r, resource, lock, false);
	if (r->w->resources[resource].count > 0 || taker == NONE ||
		r->w->processes[taker].is_zombie)
		return;
	/* Of a process that could not be examined the descriptors are not known. */
	if (lock->type == LOCK_POSIX || r->w->processes[taker].is_unread)
		world_add_releaser(r->w, resource,
			(struct releaser){ taker, GRADE_EXACT, "holds it", -1 });
}

/* Another thread that waits is before this one, unless it is not known which. */
static void
add_blocker(struct resolver *r, size_t resource, const struct lock *before)
{
	size_t process;

	while (before->depth > 0 && before->pid <= 0)
		before = &r->locks->list[before->before];
	if (before->depth == 0) {
		add_holders(r, resource, before);
		return;
	}
	process = world_find(r->w, before->pid);
	if (process != NONE)
		world_add_releaser(r->w, resource,
			(struct releaser){
				process, GRADE_EXACT, "waits ahead of it", -1 });
}

/* --- The thread that waits ------------------------------- */

/* A lock that a process took that has ended is in /proc/locks only in the initial PID
 * namespace, and so is who waits for it; fdinfo has it everywhere. */
static void
find_sharers(struct resolver *r, struct thread *t, enum lock_type type,
	const struct descriptor *file)
{
	const struct lock lock = {
		.type = type, .device = file->device, .inode = file->inode
	};
	bool is_new;

	/* The others are there. */
	if (type != LOCK_FLOCK)
		return;
	t->resource = resolve_resource(
		r, (struct key){ &lock_file, file->device, file->inode, type }, &is_new);
	if (is_new)
		add_sharers(r, t->resource, &lock, true);
}

static void
resolve_lock(struct resolver *r, struct thread *t)
{
	struct descriptor file;
	enum lock_type type;
	const struct lock *wish;
	unsigned flags;
	bool is_new;

	if (!find_lock_type(t, &type) || descriptors_are_separate(r->w, t) > 0 ||
		descriptor_file(r->descriptors, t, call_int(&t->call, 0), &file, &flags) <
			0)
		return;
	if (r->locks == NULL) {
		r->locks = xcalloc(1, sizeof *r->locks);
		locks_read(r->locks);
	}
	t->is_resolved = true;
	t->need = NEED_LOCK;
	t->closed = true;
	t->by_descriptor = type != LOCK_POSIX;
	t->ref = reference_of_lock(r->w, r->descriptors, &file);
	t->device = file.device;
	t->inode = file.inode;
	wish = find_wish(r, t, type, &file);
	if (wish == NULL || wish->before == SIZE_MAX) {
		find_sharers(r, t, type, &file);
		return;
	}
	t->resource = resolve_resource(
		r, (struct key){ &lock_line, wish->before, 0, 0 }, &is_new);
	if (is_new)
		add_blocker(r, t->resource, &r->locks->list[wish->before]);
}

static void
end_locks(struct resolver *r)
{
	if (r->locks != NULL)
		locks_free(r->locks);
	free(r->locks);
}

const struct mechanism wait_lock = {
	.has = has_lock,
	.resolve = resolve_lock,
	.end = end_locks,
};
