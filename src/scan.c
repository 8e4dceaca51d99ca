/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "caller.h"
#include "maps.h"
#include "num.h"
#include "proc.h"
#include "waiters.h"
#include "xalloc.h"

enum { PASSES = 100 }; /* each costs little, and most find no process that has ended */

/* A number among the entries of a directory of /proc: a process, or a thread. */
struct entry {
	pid_t pid;
	uint64_t inode;
};

struct entries {
	struct entry *list;
	size_t count;
};

struct scan {
	const struct context *context;
	unsigned what;
	bool done;
	uint64_t began;
	struct stat ours; /* our IPC namespace */
	struct scan_proc *procs; /* ordered by pid */
	size_t count;
	size_t sorted; /* the first so many are in order; those of this pass follow */
	uint32_t *ids; /* of all processes */
	size_t ids_count, ids_room;
	struct use *uses;
	size_t uses_count;
	struct maps_sink maps;
	struct proc_ids buffer; /* to read ids into */
	struct scan_waiting waiting;
	size_t hidden; /* processes that could not be looked at */
	int error; /* of the last look that was denied or failed */
	bool left; /* a process or a thread has ended since the pass began */
	struct buf incomplete; /* the first reason */
	pid_t *ancestors; /* ipctool itself first */
	size_t ancestors_count;
};

/* What became of the look at a process, or at one of its threads. */
enum look {
	LOOK_DONE,
	LOOK_LEFT, /* it has ended meanwhile */
	LOOK_DENIED, /* it may not be looked at */
	LOOK_FAILED, /* it could not be looked at for another reason */
};

static void
found_mapping(const struct use *use, void *scan)
{
	struct scan *s = scan;

	if ((s->uses_count & (s->uses_count - 1)) == 0) /* room for twice as many */
		s->uses = xreallocarray(s->uses,
			s->uses_count == 0 ? 1 : s->uses_count * 2, sizeof *s->uses);
	s->uses[s->uses_count++] = *use;
}

struct scan *
scan_new(const struct context *c, unsigned what)
{
	struct scan *s = xcalloc(1, sizeof *s);

	s->context = c;
	s->what = what;
	s->maps.found = found_mapping;
	s->maps.data = s;
	return s;
}

void
scan_free(struct scan *s)
{
	if (s == NULL)
		return;
	free(s->procs);
	free(s->ids);
	free(s->uses);
	free(s->ancestors);
	buf_free(&s->maps.room);
	buf_free(&s->buffer.gids);
	buf_free(&s->incomplete);
	free(s);
}

/* Notes why the scan is incomplete; the first reason is the one that is told. */
static void __attribute__((format(printf, 2, 3)))
note_incomplete(struct scan *s, const char *format, ...)
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

/* What an errno of a look says. */
static enum look
from_error(struct scan *s, int error)
{
	if (proc_has_left(error))
		return LOOK_LEFT;
	s->error = error;
	return error == EACCES || error == EPERM ? LOOK_DENIED : LOOK_FAILED;
}

/* Reads the numbers among the names in a directory.  0, or -1 with errno: what was read until
 * then is not the end. */
static int
read_entries(const char *path, struct entries *e)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int error;

	e->list = NULL;
	e->count = 0;
	if (dir == NULL)
		return -1;
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		const char *p = entry->d_name;
		uint64_t number;

		if (num_scan(&p, 10, INT32_MAX, &number) < 0 || *p != '\0')
			continue;
		if ((e->count & (e->count - 1)) == 0) /* room for twice as many */
			e->list = xreallocarray(e->list, e->count == 0 ? 1 : e->count * 2,
				sizeof *e->list);
		e->list[e->count++] = (struct entry){ number, entry->d_ino };
	}
	error = errno;
	closedir(dir);
	errno = error;
	if (error == 0)
		return 0;
	free(e->list);
	e->list = NULL;
	e->count = 0;
	return -1;
}

/* Whether an entry is among those of another list, where it is most likely at a place. */
static bool
has_entry(const struct entries *e, const struct entry *wanted, size_t place)
{
	for (size_t n = 0; n < e->count; n++) {
		const struct entry *entry = &e->list[(place + n) % e->count];

		if (entry->pid == wanted->pid && entry->inode == wanted->inode)
			return true;
	}
	return false;
}

/* What to do with each thread of a process.  LOOK_DONE, or what became of it. */
typedef enum look thread_fn(struct scan *s, struct scan_proc *p, pid_t tid);

/*
 * Calls fn for each thread.  A thread that ends meanwhile may have left its work to another
 * one that is not in the list: so the list is read again until none has ended, and fn is
 * called for those that are new in it.  The worst that fn said, of threads that live.
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
		if (read_entries(path, &now) < 0) {
			free(seen.list);
			return from_error(s, errno);
		}
		left = false;
		for (size_t i = 0; i < seen.count && !left; i++)
			left = !has_entry(&now, &seen.list[i], i);
		for (size_t i = 0; i < now.count; i++) {
			enum look look;

			if (pass > 0 && has_entry(&seen, &now.list[i], i))
				continue;
			look = fn(s, p, now.list[i].pid);
			/* A main thread that has ended stays, and has nothing to show. */
			if (look != LOOK_DONE && proc_is_zombie(now.list[i].pid))
				continue;
			left |= look == LOOK_LEFT;
			if (look > LOOK_LEFT && look > worst)
				worst = look;
		}
		left |= pass == 0;
		free(seen.list);
		seen = now;
		if (pass == PASSES) {
			s->error = EAGAIN;
			worst = LOOK_FAILED;
			left = false;
		}
	}
	free(seen.list);
	return worst;
}

/* Calls fn for each thread; where there is only the main one, no list is read. */
static enum look
all_threads(struct scan *s, struct scan_proc *p, thread_fn *fn)
{
	return p->threads > 1 ? each_thread(s, p, fn) : fn(s, p, p->pid);
}

/* --- The namespace -------------------------------------------------------------------- */

static bool
is_ours(const struct scan *s, const struct stat *namespace)
{
	return namespace->st_ino == s->ours.st_ino && namespace->st_dev == s->ours.st_dev;
}

/* unshare(2) and setns(2) are for one thread: each may be in another namespace. */
static enum look
look_at_namespace(struct scan *s, struct scan_proc *p, pid_t tid)
{
	struct stat namespace;
	char path[96];

	snprintf(path, sizeof path, "/proc/%d/task/%d/ns/ipc", (int)p->pid, (int)tid);
	if (stat(path, &namespace) < 0)
		return from_error(s, errno);
	p->is_here |= is_ours(s, &namespace);
	return LOOK_DONE;
}

/* --- Ids ------------------------------------------------------------------------------ */

static void
add_id(struct scan *s, uint32_t id)
{
	if (s->ids_count == s->ids_room) {
		s->ids_room = s->ids_room == 0 ? 256 : s->ids_room * 2;
		s->ids = xreallocarray(s->ids, s->ids_room, sizeof *s->ids);
	}
	s->ids[s->ids_count++] = id;
}

/* Whether an id is among some of the scan. */
static bool
has_id(const struct scan *s, size_t first, unsigned count, uint32_t id)
{
	for (size_t i = first; i < first + count; i++)
		if (s->ids[i] == id)
			return true;
	return false;
}

/* The ids of the process at hand are the last ones: first its users, then its groups, which
 * give way where one more user comes. */
static void
add_uid(struct scan *s, struct scan_proc *p, uid_t uid)
{
	size_t first_gid = p->first_id + p->uids;

	if (has_id(s, p->first_id, p->uids, uid))
		return;
	add_id(s, uid);
	memmove(&s->ids[first_gid + 1], &s->ids[first_gid], p->gids * sizeof *s->ids);
	s->ids[first_gid] = uid;
	p->uids++;
}

static void
add_gid(struct scan *s, struct scan_proc *p, gid_t gid)
{
	if (has_id(s, p->first_id + p->uids, p->gids, gid))
		return;
	add_id(s, gid);
	p->gids++;
}

/* Each thread has its own ids, though most programs change those of all. */
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

/* --- Attachments and waiters ---------------------------------------------------------- */

static enum look
look_at_maps_of(struct scan *s, struct scan_proc *p, pid_t tid)
{
	char path[96];

	snprintf(path, sizeof path, "/proc/%d/task/%d/maps", (int)p->pid, (int)tid);
	return maps_read(path, p->pid, &s->maps) < 0 ? from_error(s, errno) : LOOK_DONE;
}

/* One thread's maps are those of all; but there are none when the main thread has ended. */
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
	if (read_entries(path, &threads) < 0)
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
	if (rc == 0)
		return LOOK_DONE;
	/* Its own namespace counts, which may be another one than that of the others. */
	switch (look_at_namespace(s, &thread, tid)) {
	case LOOK_DONE:
		if (thread.is_here)
			found_mapping(&use, s);
		return LOOK_DONE;
	case LOOK_LEFT:
		return LOOK_LEFT;
	default:
		return LOOK_DENIED;
	}
}

/* One of our own processes, which we may not trace but look at: whether it waits on a queue
 * the kernel says without naming it. */
static enum look
look_at_wchan(struct scan *s, struct scan_proc *p, pid_t tid)
{
	int rc = waiters_queue(p->pid, tid);

	/* One that is stopped goes on waiting when it is continued. */
	if (rc > 0 || proc_is_stopped(tid))
		p->may_wait = true;
	return rc < 0 ? from_error(s, errno) : LOOK_DONE;
}

/* Whether a process could be examined. */
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
		has_id(s, p->first_id, p->uids, geteuid())) {
		look = all_threads(s, p, look_at_wchan);
		s->left |= look == LOOK_LEFT;
	}
	p->is_denied = look == LOOK_DENIED;
	p->error = look == LOOK_FAILED ? s->error : 0;
	return false;
}

/* --- One process ---------------------------------------------------------------------- */

/* Whether a process is in our namespace, and whether it may be looked at; one that may not
 * counts as there. */
static enum look
find_namespace(struct scan *s, struct scan_proc *p)
{
	enum look look;

	/* A zombie has none any more, and counts as there where its parent is. */
	if (p->is_zombie) {
		p->is_here = true;
		return LOOK_DONE;
	}
	look = all_threads(s, p, look_at_namespace);
	/* A process of one thread that has become a zombie is none that may not be seen. */
	if (look > LOOK_LEFT && proc_is_alive(p->pid) == 0)
		look = LOOK_LEFT;
	p->is_here |= look > LOOK_LEFT;
	return look;
}

/* Looks at a process.  Whether it is still there at the end. */
static bool
look_at(struct scan *s, struct scan_proc *p)
{
	bool examined = true;
	struct proc proc;
	enum look look;

	if (proc_read(p->pid, &proc) < 0) {
		if (proc_has_left(errno))
			return false;
		note_incomplete(s, "the state of process %d could not be read: %s",
			(int)p->pid, strerror(errno));
		return true;
	}
	p->parent = proc.parent;
	p->session = proc.session;
	p->start = proc.start;
	p->threads = proc.threads;
	p->is_zombie = proc.is_zombie;
	p->is_kernel = proc.is_kernel;
	p->first_id = s->ids_count;
	if (p->is_kernel)
		return true;
	look = find_namespace(s, p);
	if (look == LOOK_LEFT)
		return false;
	if (!p->is_here)
		return true;
	if (s->what & (SCAN_USERS | SCAN_WAITERS)) {
		enum look ids = all_threads(s, p, look_at_ids);

		if (ids == LOOK_LEFT)
			return false;
		if (ids != LOOK_DONE)
			note_incomplete(s,
				"the users of process %d could not be read: %s",
				(int)p->pid, strerror(s->error));
	}
	if (p->is_zombie)
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

/* --- All of them ---------------------------------------------------------------------- */

static int
compare_pids(const void *a, const void *b)
{
	const struct scan_proc *x = a;
	const struct scan_proc *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

const struct scan_proc *
scan_find(struct scan *s, pid_t pid)
{
	const struct scan_proc wanted = { .pid = pid };

	return s->sorted == 0
		? NULL
		: bsearch(&wanted, s->procs, s->sorted, sizeof *s->procs, compare_pids);
}

/* Forgets the processes that have ended, and what they did. */
static void
drop_gone(struct scan *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->uses_count; i++) {
		const struct scan_proc *p = scan_find(s, s->uses[i].pid);

		if (p != NULL && !p->is_gone)
			s->uses[kept++] = s->uses[i];
	}
	s->uses_count = kept;
	kept = 0;
	for (size_t i = 0; i < s->count; i++)
		if (!s->procs[i].is_gone)
			s->procs[kept++] = s->procs[i];
	s->count = s->sorted = kept;
}

/* Notes which of the processes known are not in the list any more. */
static void
find_gone(struct scan *s, const struct entries *now)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++) {
		struct scan_proc *p = &s->procs[i];

		while (n < now->count && now->list[n].pid < p->pid)
			n++;
		/* A process that has got the pid of another one has another directory. */
		p->is_gone = n == now->count || now->list[n].pid != p->pid ||
			now->list[n].inode != p->inode;
		/* No object is used by what the kernel does for itself. */
		s->left |= p->is_gone && !p->is_kernel;
	}
	drop_gone(s);
}

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* Reads the list of processes and looks at those that are new in it. */
static int
pass(struct scan *s)
{
	struct entries now;
	size_t known;

	s->left = false;
	if (read_entries("/proc", &now) < 0) {
		note_incomplete(s, "/proc cannot be read: %s", strerror(errno));
		return -1;
	}
	if (now.count > 0)
		qsort(now.list, now.count, sizeof *now.list, compare_entries);
	find_gone(s, &now);
	known = s->count;
	for (size_t i = 0; i < now.count; i++) {
		const struct scan_proc wanted = { .pid = now.list[i].pid };
		struct scan_proc p = { .pid = wanted.pid, .inode = now.list[i].inode };

		if (known > 0 &&
			bsearch(&wanted, s->procs, known, sizeof *s->procs,
				compare_pids) != NULL)
			continue;
		if (!look_at(s, &p)) {
			s->left = true;
			continue;
		}
		if ((s->count & (s->count - 1)) == 0) /* room for twice as many */
			s->procs = xreallocarray(s->procs,
				s->count == 0 ? 1 : s->count * 2, sizeof *s->procs);
		s->procs[s->count++] = p;
	}
	free(now.list);
	if (s->count > 0)
		qsort(s->procs, s->count, sizeof *s->procs, compare_pids);
	s->sorted = s->count;
	return 0;
}

/*
 * The list of processes is older than the look at each.  One that has ended since may have
 * left its work to another that is not in the list, as the workers of a server do; so the
 * list is read again, and what is new in it is looked at, until none has ended meanwhile.
 */
static void
look_at_all(struct scan *s)
{
	int passes = 0;

	do
		if (pass(s) < 0)
			return;
	while (++passes < 2 || (s->left && passes < PASSES));
	if (s->left)
		note_incomplete(s, "processes come and go too fast to see all of them");
}

/* A process whose parent has ended has got another one. */
static void
refresh_parents(struct scan *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct scan_proc *p = &s->procs[i];
		const struct scan_proc *parent = scan_find(s, p->parent);
		struct proc now;

		if (p->is_kernel || p->parent == 0 ||
			(parent != NULL && parent->start <= p->start))
			continue;
		if (proc_read(p->pid, &now) == 0)
			p->parent = now.parent;
		else if (!proc_has_left(errno))
			note_incomplete(s,
				"the parent of process %d could not be read: %s",
				(int)p->pid, strerror(errno));
		if (p->parent != 0 && scan_find(s, p->parent) == NULL)
			note_incomplete(s, "the parent of process %d has ended meanwhile",
				(int)p->pid);
	}
}

/* Counts those that could not be looked at, of the processes that are still there. */
static void
count_hidden(struct scan *s)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct scan_proc *p = &s->procs[i];

		s->hidden += p->is_hidden;
		s->waiting.denied += p->is_denied;
		if (p->may_wait)
			s->waiting.may_wait = p->pid;
		if (p->error != 0) {
			s->waiting.failed++;
			s->waiting.error = p->error;
		}
	}
}

static void
find_ancestors(struct scan *s)
{
	const struct scan_proc *p = scan_find(s, getpid());

	while (p != NULL && s->ancestors_count <= s->count) {
		s->ancestors = xreallocarray(
			s->ancestors, s->ancestors_count + 1, sizeof *s->ancestors);
		s->ancestors[s->ancestors_count++] = p->pid;
		p = p->parent == 0 ? NULL : scan_find(s, p->parent);
	}
}

/* Whether /proc is mounted so that it leaves out processes we have no right to trace. */
static bool
proc_hides(void)
{
	static const char *const words[] = { "hidepid=2", "hidepid=4",
		"hidepid=invisible", "hidepid=ptraceable" };
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *m;
	bool hides = true; /* unless it is seen that it does not */

	while (mounts != NULL && (m = getmntent(mounts)) != NULL) {
		if (strcmp(m->mnt_dir, "/proc") != 0)
			continue;
		hides = false; /* the last one counts, which lies on top */
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			hides |= hasmntopt(m, words[i]) != NULL;
	}
	if (mounts != NULL) {
		hides |= ferror(mounts) != 0;
		endmntent(mounts);
	}
	return hides && !caller_has(CAP_SYS_PTRACE);
}

/* Orders by object, process and what it does; one that does the same twice stands together. */
static int
compare_uses(const void *a, const void *b)
{
	const struct use *x = a;
	const struct use *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	return x->detail < y->detail ? -1 : x->detail > y->detail;
}

static bool
is_same_use(const struct use *a, const struct use *b)
{
	return a->kind == b->kind && a->id == b->id && a->pid == b->pid &&
		a->what == b->what &&
		(a->detail == b->detail || a->what <= USE_ATTACHED_RO);
}

static void
merge_uses(struct scan *s)
{
	size_t kept = 0;

	if (s->uses_count > 0)
		qsort(s->uses, s->uses_count, sizeof *s->uses, compare_uses);
	for (size_t i = 0; i < s->uses_count; i++) {
		if (kept > 0 && is_same_use(&s->uses[kept - 1], &s->uses[i]))
			s->uses[kept - 1].count++;
		else
			s->uses[kept++] = s->uses[i];
	}
	s->uses_count = kept;
}

static void
scan(struct scan *s)
{
	struct timespec now;

	if (s->done)
		return;
	s->done = true;
	clock_gettime(CLOCK_MONOTONIC, &now);
	s->began = now.tv_sec * UINT64_C(1000000000) + now.tv_nsec;
	if (stat("/proc/self/ns/ipc", &s->ours) < 0) {
		note_incomplete(s, "/proc cannot be read: %s", strerror(errno));
	} else if (!s->context->proc_is_ours) {
		note_incomplete(s, "/proc does not show this PID namespace");
	} else {
		if (proc_hides())
			note_incomplete(
				s, "/proc hides the processes of other users (hidepid)");
		if ((s->what & SCAN_WAITERS) && !waiters_are_known()) {
			s->waiting.failed++;
			s->waiting.error = ENOSYS;
			s->hidden++;
		}
		look_at_all(s);
		refresh_parents(s);
		count_hidden(s);
		find_ancestors(s);
	}
	if (s->incomplete.len > 0)
		s->hidden++;
	merge_uses(s);
}

bool
scan_is_done(const struct scan *s)
{
	return s->done;
}

uint64_t
scan_began(const struct scan *s)
{
	return s->began;
}

const struct use *
scan_uses(struct scan *s, const struct object *o, size_t *count)
{
	uint32_t id = o->fact[FACT_ID];
	size_t low = 0, high;

	scan(s);
	high = s->uses_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct use *u = &s->uses[middle];

		if (u->kind < o->kind || (u->kind == o->kind && u->id < id))
			low = middle + 1;
		else
			high = middle;
	}
	for (high = low; high < s->uses_count && s->uses[high].kind == o->kind &&
		s->uses[high].id == id;
		high++)
		continue;
	*count = high - low;
	return s->uses + low;
}

const struct scan_proc *
scan_procs(struct scan *s, size_t *count)
{
	scan(s);
	*count = s->count;
	return s->procs;
}

bool
scan_is_ancestor(struct scan *s, const struct scan_proc *p)
{
	for (size_t i = 0; i < s->ancestors_count; i++)
		if (s->ancestors[i] == p->pid)
			return true;
	return false;
}

bool
scan_runs_under(struct scan *s, const struct scan_proc *p, uid_t uid)
{
	return has_id(s, p->first_id, p->uids, uid);
}

bool
scan_has_group(struct scan *s, const struct scan_proc *p, gid_t gid)
{
	return has_id(s, p->first_id + p->uids, p->gids, gid);
}

bool
scan_is_ordinary(struct scan *s, const struct scan_proc *p)
{
	for (size_t i = 0; i < p->uids; i++)
		if (s->ids[p->first_id + i] != 0)
			return true;
	return false;
}

size_t
scan_hidden(const struct scan *s)
{
	return s->hidden;
}

const char *
scan_incomplete(const struct scan *s)
{
	/* note_incomplete() keeps room for the NUL. */
	return s->incomplete.len > 0 ? buf_text((struct buf *)&s->incomplete) : NULL;
}

const char *
scan_maps_unknown(const struct scan *s)
{
	return s->maps.unknown == 0 ? NULL : strerror(s->maps.unknown);
}

struct scan_waiting
scan_waiting(struct scan *s)
{
	scan(s);
	return s->waiting;
}
