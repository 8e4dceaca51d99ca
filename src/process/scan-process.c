/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/scan-process.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/xalloc.h"
#include "process/waiters.h"

/* The result of examining a process or one of its threads. */
enum look {
	LOOK_DONE,
	LOOK_LEFT, /* it has ended meanwhile */
	LOOK_DENIED, /* permission was denied */
	LOOK_FAILED, /* it failed for another reason */
};

void
scan_add_use(const struct use *use, void *scan)
{
	struct scan *s = scan;

	s->uses = xgrow(s->uses, s->uses_count, sizeof *s->uses);
	s->uses[s->uses_count++] = *use;
}

void
scan_add_file_use(const struct file_use *use, void *scan)
{
	struct scan *s = scan;

	scan_add_use(&use->use, s);
	if (use->to == 0)
		return;
	s->mappings = xgrow(s->mappings, s->mappings_count, sizeof *s->mappings);
	s->mappings[s->mappings_count++] =
		(struct mapping){ use->use, use->from, use->to };
}

void
scan_note_incomplete(struct scan *s, const char *format, ...)
{
	va_list args;
	char *text;

	if (s->incomplete.len > 0)
		return;
	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	buf_str(&s->incomplete, text);
	free(text);
}

/* The result for an errno. */
static enum look
from_error(struct scan *s, int error)
{
	if (proc_has_left(error))
		return LOOK_LEFT;
	s->error = error;
	return error == EACCES || error == EPERM ? LOOK_DENIED : LOOK_FAILED;
}

/* A function to call for each thread of a process. */
typedef enum look thread_fn(struct scan *s, struct scan_proc *p, pid_t tid);

/*
 * Calls fn for each thread.  A thread that ends meanwhile may have left its work to
 * another one that is not in the list.  So this reads the list again, and calls fn for
 * the new threads, until no thread has ended meanwhile.  Returns the worst result of fn
 * for a thread that lives.
 */
static enum look
each_thread(struct scan *s, struct scan_proc *p, thread_fn *fn)
{
	struct entries seen = { 0 }, now;
	enum look worst = LOOK_DONE;
	bool left = true;
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/task", (int)p->pid);
	for (int pass = 0; left; pass++) {
		if (entries_read(path, &now) < 0) {
			free(seen.list);
			return from_error(s, errno);
		}
		left = false;
		for (size_t i = 0; i < seen.count && !left; i++)
			left = !entries_have(&now, &seen.list[i]);
		for (size_t i = 0; i < now.count; i++) {
			enum look look;

			if (pass > 0 && entries_have(&seen, &now.list[i]))
				continue;
			look = fn(s, p, now.list[i].pid);
			/* A main thread that has ended stays in the list, and has nothing
			 * to show. */
			if (look != LOOK_DONE && proc_is_zombie(now.list[i].pid))
				continue;
			left |= look == LOOK_LEFT;
			if (look > LOOK_LEFT && look > worst)
				worst = look;
		}
		left |= pass == 0;
		free(seen.list);
		seen = now;
		if (pass == ENTRIES_PASSES) {
			s->error = EAGAIN;
			worst = LOOK_FAILED;
			left = false;
		}
	}
	free(seen.list);
	return worst;
}

/* Calls fn for each thread.  If there is only the main thread, no list is read. */
static enum look
all_threads(struct scan *s, struct scan_proc *p, thread_fn *fn)
{
	return p->threads > 1 ? each_thread(s, p, fn) : fn(s, p, p->pid);
}

/* --- The namespace ----------------------------------------------------------------- */

static bool
is_in_our_namespace(const struct scan *s, const struct stat *namespace)
{
	return namespace->st_ino == s->ours.st_ino && namespace->st_dev == s->ours.st_dev;
}

/* unshare(2) and setns(2) affect one thread, so each thread may be in another
 * namespace. */
static enum look
look_at_namespace(struct scan *s, struct scan_proc *p, pid_t tid)
{
	struct stat namespace;
	char path[PROC_PATH];

	proc_path(path, p->pid, tid, "ns/ipc");
	if (stat(path, &namespace) < 0)
		return from_error(s, errno);
	p->is_here |= is_in_our_namespace(s, &namespace);
	return LOOK_DONE;
}

/* --- Ids --------------------------------------------------------------------------- */

static void
add_id(struct scan *s, uint32_t id)
{
	if (s->ids_count == s->ids_room) {
		s->ids_room = s->ids_room == 0 ? 256 : s->ids_room * 2;
		s->ids = xreallocarray(s->ids, s->ids_room, sizeof *s->ids);
	}
	s->ids[s->ids_count++] = id;
}

bool
scan_has_id(const struct scan *s, size_t first, unsigned count, uint32_t id)
{
	for (size_t i = first; i < first + count; i++)
		if (s->ids[i] == id)
			return true;
	return false;
}

/* The ids of the current process are the last ones: its uids, followed by its gids.  The
 * gids move up when a uid is added. */
static void
add_uid(struct scan *s, struct scan_proc *p, uid_t uid)
{
	size_t first_gid = p->first_id + p->uids;

	if (scan_has_id(s, p->first_id, p->uids, uid))
		return;
	add_id(s, uid);
	memmove(&s->ids[first_gid + 1], &s->ids[first_gid], p->gids * sizeof *s->ids);
	s->ids[first_gid] = uid;
	p->uids++;
}

static void
add_gid(struct scan *s, struct scan_proc *p, gid_t gid)
{
	if (scan_has_id(s, p->first_id + p->uids, p->gids, gid))
		return;
	add_id(s, gid);
	p->gids++;
}

/* Each thread has its own ids, although most programs change them for all threads. */
static enum look
look_at_ids(struct scan *s, struct scan_proc *p, pid_t tid)
{
	const struct buf *gids = &s->buffer.gids;
	gid_t gid;

	if (proc_read_ids(tid, &s->buffer) < 0)
		return from_error(s, errno);
	for (int i = 0; i < 4; i++)
		add_uid(s, p, s->buffer.uids[i]);
	for (size_t at = 0; at < gids->len; at += sizeof gid) {
		memcpy(&gid, gids->data + at, sizeof gid);
		add_gid(s, p, gid);
	}
	return LOOK_DONE;
}

/* --- Attachments and waiters ------------------------------------------------------- */

static enum look
look_at_maps_of(struct scan *s, struct scan_proc *p, pid_t tid)
{
	char path[PROC_PATH];

	proc_path(path, p->pid, tid, "maps");
	return maps_read(path, p->pid, &s->maps) < 0 ? from_error(s, errno) : LOOK_DONE;
}

/* All threads share their maps, so those of one thread are enough.  A main thread that
 * has ended has none; then another thread is used. */
static enum look
look_at_maps(struct scan *s, struct scan_proc *p)
{
	size_t before = s->uses_count;
	enum look look = LOOK_LEFT;
	struct entries threads;
	char path[64];
	ssize_t len;

	snprintf(path, sizeof path, "/proc/%d/maps", (int)p->pid);
	len = maps_read(path, p->pid, &s->maps);
	if (len > 0)
		return LOOK_DONE;
	if (len < 0 && !proc_has_left(errno) && !proc_is_zombie(p->pid))
		return from_error(s, errno);
	snprintf(path, sizeof path, "/proc/%d/task", (int)p->pid);
	if (entries_read(path, &threads) < 0)
		return from_error(s, errno);
	for (size_t i = 0; i < threads.count; i++) {
		pid_t tid = threads.list[i].pid;

		s->uses_count = before;
		look = look_at_maps_of(s, p, tid);
		if (look != LOOK_LEFT && !proc_is_zombie(tid))
			break;
		look = LOOK_LEFT;
	}
	free(threads.list);
	return look;
}

static enum look
look_at_waiting(struct scan *s, struct scan_proc *p, pid_t tid)
{
	struct scan_proc thread = { .pid = p->pid };
	struct use use;
	int rc = waiters_read(p->pid, tid, &use);

	if (rc < 0)
		return from_error(s, errno);
	if (rc == 0 || use.kind == NULL)
		return LOOK_DONE;
	/* The namespace of this thread counts, which may differ from that of the other
	 * threads. */
	switch (look_at_namespace(s, &thread, tid)) {
	case LOOK_DONE:
		if (thread.is_here)
			scan_add_use(&use, s);
		return LOOK_DONE;
	case LOOK_LEFT:
		return LOOK_LEFT;
	default:
		return LOOK_DENIED;
	}
}

/* For one of our own processes that we may examine but not trace: the kernel tells
 * whether it waits on a queue, but not on which. */
static enum look
look_at_wchan(struct scan *s, struct scan_proc *p, pid_t tid)
{
	int rc = waiters_queue(p->pid, tid);

	/* A stopped thread may continue to wait when it is continued. */
	if (rc > 0 || proc_is_stopped(tid))
		p->may_wait = true;
	return rc < 0 ? from_error(s, errno) : LOOK_DONE;
}

/* Examines whether a process waits; returns whether that was possible. */
static bool
look_at_waiters(struct scan *s, struct scan_proc *p, bool may_look)
{
	enum look look = LOOK_DENIED;

	if (may_look)
		look = all_threads(s, p, look_at_waiting);
	if (look <= LOOK_LEFT || proc_is_alive(p->pid) == 0) {
		s->left |= look != LOOK_DONE;
		return true;
	}
	if (look == LOOK_DENIED && may_look &&
		scan_has_id(s, p->first_id, p->uids, geteuid())) {
		look = all_threads(s, p, look_at_wchan);
		s->left |= look == LOOK_LEFT;
	}
	p->is_denied = look == LOOK_DENIED;
	p->error = look == LOOK_FAILED ? s->error : 0;
	return false;
}

/* --- Waiters in files that are open or mapped -------------------------------------- */

/* A thread that waits for a message uses the queue that its process has open. */
static int
find_queue_wait(struct scan *s, struct scan_proc *p, pid_t tid)
{
	struct use use;
	int rc = waiters_read(p->pid, tid, &use);

	if (rc > 0 && use.kind == NULL && files_are_on(&s->files, use.device))
		scan_add_use(&use, s);
	return rc;
}

static enum look
look_at_file_wait(struct scan *s, struct scan_proc *p, pid_t tid)
{
	uint64_t address;
	int rc = waiters_futex(p->pid, tid, &address);

	if (rc == 0)
		rc = find_queue_wait(s, p, tid) < 0 ? -1 : 0;
	if (rc < 0)
		return from_error(s, errno);
	for (size_t i = 0; rc > 0 && i < s->mappings_count; i++) {
		const struct mapping *m = &s->mappings[i];
		struct use use = m->use;

		if (address < m->from || address >= m->to)
			continue;
		use.what = USE_WAITS_IN;
		scan_add_use(&use, s);
		break;
	}
	return LOOK_DONE;
}

/* Examines the files that a process uses, and whether it waits in or for one of them. */
static void
look_at_files(struct scan *s, struct scan_proc *p)
{
	size_t before = s->uses_count;
	enum look look;

	s->mappings_count = 0;
	if (files_read(p->pid, &s->files) < 0)
		p->closed = errno;
	if (s->uses_count == before)
		return;
	look = waiters_are_known() ? all_threads(s, p, look_at_file_wait) : LOOK_FAILED;
	s->left |= look == LOOK_LEFT;
	p->is_untraced = look > LOOK_LEFT && proc_is_alive(p->pid) != 0;
}

/* --- One process ------------------------------------------------------------------- */

/* Finds out whether a process is in our namespace, and whether it may be examined; if it
 * may not, it counts as being in our namespace. */
static enum look
find_namespace(struct scan *s, struct scan_proc *p)
{
	enum look look;

	/* A zombie has no namespace any more; zombie_counts() decides by its parent. */
	if (p->is_zombie) {
		p->is_here = true;
		return LOOK_DONE;
	}
	look = all_threads(s, p, look_at_namespace);
	/* If the only thread has become a zombie meanwhile, the process was not
	 * denied. */
	if (look > LOOK_LEFT && proc_is_alive(p->pid) == 0)
		look = LOOK_LEFT;
	p->is_here |= look > LOOK_LEFT;
	return look;
}

/* Whether a process is attached to no segment, if that is all that the scan examines;
 * then it does not matter which namespace it is in. */
static bool
has_no_segment(struct scan *s, const struct scan_proc *p)
{
	size_t before = s->uses_count;
	char path[64];
	bool is_sure;

	if (s->what != SCAN_MAPS)
		return false;
	snprintf(path, sizeof path, "/proc/%d/maps", (int)p->pid);
	is_sure = maps_read(path, p->pid, &s->maps) > 0 && s->uses_count == before;
	s->uses_count = before;
	return is_sure;
}

bool
scan_process(struct scan *s, struct scan_proc *p)
{
	bool examined = true;
	struct proc proc;
	enum look look;

	if (has_no_segment(s, p))
		return true;
	if (proc_read(p->pid, &proc) < 0) {
		if (proc_has_left(errno))
			return false;
		scan_note_incomplete(s, "the state of process %d could not be read: %s",
			(int)p->pid, strerror(errno));
		return true;
	}
	p->parent = proc.parent;
	p->session = proc.session;
	p->start = proc.start;
	p->threads = proc.threads;
	p->is_zombie = proc.is_zombie;
	p->is_kernel = proc.is_kernel;
	p->may_be_ipctool = strcmp(proc.name, s->name) == 0;
	p->first_id = s->ids_count;
	if (p->is_kernel)
		return true;
	look = find_namespace(s, p);
	if (look == LOOK_LEFT)
		return false;
	if (!p->is_here && !(s->what & (SCAN_EVERYONE | SCAN_FILES)))
		return true;
	if ((p->is_here || (s->what & SCAN_EVERYONE)) &&
		(s->what & (SCAN_USERS | SCAN_WAITERS))) {
		enum look ids = all_threads(s, p, look_at_ids);

		if (ids == LOOK_LEFT)
			return false;
		if (ids != LOOK_DONE)
			scan_note_incomplete(s,
				"the users of process %d could not be read: %s",
				(int)p->pid, strerror(s->error));
	}
	if (p->is_zombie)
		return true;
	if ((s->what & SCAN_FILES) && p->pid != getpid())
		look_at_files(s, p);
	if (!p->is_here)
		return true;
	if (s->what & SCAN_MAPS) {
		enum look maps = look == LOOK_DONE ? look_at_maps(s, p) : look;

		s->left |= maps == LOOK_LEFT;
		examined = maps <= LOOK_LEFT || proc_is_alive(p->pid) == 0;
	}
	if (s->what & SCAN_WAITERS)
		examined &= look_at_waiters(s, p, look == LOOK_DONE);
	p->is_hidden = !examined;
	return true;
}
