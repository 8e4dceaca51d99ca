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
#include "num.h"
#include "maps.h"
#include "waiters.h"
#include "proc.h"
#include "xalloc.h"

struct scan {
	unsigned what;
	bool done;
	struct stat ours; /* IPC namespace */
	struct stat theirs; /* of the process at hand */
	struct use *uses;
	size_t uses_count;
	uid_t *users; /* that run processes, each once */
	size_t users_count;
	size_t hidden; /* processes that could not be looked at */
	size_t hidden_users; /* processes whose user could not be read */
	const char *blind;
	bool left; /* a process ended while it was to be looked at */
	uint8_t *seen; /* bits of the process ids looked at */
	pid_t *ancestors; /* of ours, and ourselves */
	size_t ancestors_count;
};

struct scan *
scan_new(unsigned what)
{
	struct scan *w = xcalloc(1, sizeof *w);

	w->what = what;
	return w;
}

void
scan_free(struct scan *w)
{
	free(w->uses);
	free(w->users);
	free(w->ancestors);
	free(w->seen);
	free(w);
}

static void
add_use(struct scan *w, const struct use *use)
{
	if ((w->uses_count & (w->uses_count - 1)) == 0) /* room for twice as many */
		w->uses = xreallocarray(w->uses,
			w->uses_count == 0 ? 1 : w->uses_count * 2, sizeof *w->uses);
	w->uses[w->uses_count++] = *use;
}

static void
found_mapping(const struct use *use, void *walk)
{
	add_use(walk, use);
}

/* Whether a call failed because the process, or the thread, has ended meanwhile; otherwise
 * it may well live, be it that we may not look or that we run short of something. */
static bool
has_left(int error)
{
	return error == ENOENT || error == ESRCH;
}

/* What to do with each thread of a process: 0 to go on, 1 when it is done, or -1 with errno
 * when the thread may not be looked at. */
typedef int thread_fn(struct scan *w, pid_t pid, pid_t tid);

/*
 * Calls fn for the threads until it is done: 1 then, 0 when it never is, or -1 with errno
 * when a thread that lives may not be looked at; one that has ended has nothing to show,
 * whatever the kernel says.
 */
static int
each_thread(struct scan *w, pid_t pid, thread_fn *fn)
{
	struct dirent *entry;
	char path[64];
	DIR *dir;
	int rc = 0, error = 0;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (dir == NULL)
		return -1;
	while (rc <= 0 && (entry = readdir(dir)) != NULL) {
		const char *p = entry->d_name;
		uint64_t tid;

		if (num_scan(&p, 10, INT32_MAX, &tid) < 0)
			continue;
		rc = fn(w, pid, tid);
		if (rc < 0) {
			int why = errno;

			if (!proc_is_zombie(tid))
				error = why;
		}
	}
	closedir(dir);
	if (rc > 0)
		return rc;
	errno = error;
	return error == 0 ? 0 : -1;
}

static int
thread_maps(struct scan *w, pid_t pid, pid_t tid)
{
	char path[96];
	ssize_t len;

	snprintf(path, sizeof path, "/proc/%d/task/%d/maps", (int)pid, (int)tid);
	len = maps_read(path, pid, found_mapping, w);
	/* One thread's maps are everybody's; the others need not be read. */
	if (len > 0)
		return 1;
	return len < 0 && !has_left(errno) ? -1 : 0;
}

/* Whether the namespace looked at last is ours. */
static bool
is_ours(const struct scan *w)
{
	return w->theirs.st_ino == w->ours.st_ino && w->theirs.st_dev == w->ours.st_dev;
}

static int
thread_namespace(struct scan *w, pid_t pid, pid_t tid)
{
	char path[96];

	snprintf(path, sizeof path, "/proc/%d/task/%d/ns/ipc", (int)pid, (int)tid);
	if (stat(path, &w->theirs) == 0)
		return 1;
	return has_left(errno) ? 0 : -1;
}

static int
thread_is_ours(struct scan *w, pid_t pid, pid_t tid)
{
	int rc = thread_namespace(w, pid, tid);

	return rc == 1 ? is_ours(w) : rc;
}

static int
thread_waits(struct scan *w, pid_t pid, pid_t tid)
{
	struct use use;
	int rc = waiters_read(pid, tid, &use);

	/* A thread may be in another IPC namespace than the others. */
	if (rc == 1 && thread_namespace(w, pid, tid) == 1 && is_ours(w))
		add_use(w, &use);
	return rc < 0 && !has_left(errno) ? -1 : 0;
}

/* The attachments of a process: 0, or -1 when they may not be looked at. */
static int
look_at_maps(struct scan *w, pid_t pid)
{
	char path[64];
	ssize_t len;

	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	len = maps_read(path, pid, found_mapping, w);
	w->left |= len < 0 && has_left(errno);
	/* There are none when the main thread has ended; the others may still be attached. */
	if (len == 0 || (len < 0 && (has_left(errno) || proc_is_zombie(pid))))
		len = each_thread(w, pid, thread_maps);
	return len < 0 && !has_left(errno) ? -1 : 0;
}

static void
add_user(struct scan *w, uid_t uid)
{
	for (size_t i = w->users_count; i > 0; i--)
		if (w->users[i - 1] == uid)
			return;
	w->users = xreallocarray(w->users, w->users_count + 1, sizeof *w->users);
	w->users[w->users_count++] = uid;
}

/* The users that a thread runs under: each has its own, though most programs change all. */
static int
thread_users(struct scan *w, pid_t pid, pid_t tid)
{
	uid_t uids[4];
	unsigned threads;

	(void)pid;
	if (proc_uids(tid, uids, &threads) < 0)
		return has_left(errno) ? 0 : -1;
	for (int i = 0; i < 4; i++)
		add_user(w, uids[i]);
	return 0;
}

static void
look_at_user(struct scan *w, pid_t pid)
{
	uid_t uids[4];
	unsigned threads;

	for (size_t i = 0; i < w->ancestors_count; i++)
		if (w->ancestors[i] == pid)
			return;
	if (proc_uids(pid, uids, &threads) < 0) {
		w->left |= has_left(errno);
		w->hidden_users += !has_left(errno);
		return;
	}
	if (proc_has_ended(pid)) {
		w->left = true;
		return;
	}
	for (int i = 0; i < 4; i++)
		add_user(w, uids[i]);
	if (threads > 1 && each_thread(w, pid, thread_users) < 0 && !has_left(errno))
		w->hidden_users++;
}

/* Whether a process has more threads than one: each is a directory. */
static bool
has_threads(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	return stat(path, &st) == 0 && st.st_nlink > 3;
}

/* Whether a process is in our IPC namespace: 1, 0, or -1 when it may not be looked at. */
static int
is_in_namespace(struct scan *w, pid_t pid)
{
	char path[64];
	int rc = 1;

	snprintf(path, sizeof path, "/proc/%d/ns/ipc", (int)pid);
	/* A main thread that has ended has none; the others may still have one. */
	if (stat(path, &w->theirs) < 0)
		rc = has_left(errno) || proc_is_zombie(pid)
			? each_thread(w, pid, thread_namespace)
			: -1;
	if (rc <= 0) {
		w->left |= rc == 0 || has_left(errno);
		return rc < 0 && has_left(errno) ? 0 : rc;
	}
	/* unshare(2) and setns(2) are for one thread: another one may be here. */
	if (!is_ours(w) && has_threads(pid))
		return each_thread(w, pid, thread_is_ours) > 0;
	return is_ours(w);
}

static void
look_at(struct scan *w, pid_t pid)
{
	int here = is_in_namespace(w, pid);
	bool denied = here < 0;

	if (here == 0)
		return;
	if (w->what & SCAN_USERS)
		look_at_user(w, pid);
	if (!denied && (w->what & SCAN_MAPS) && look_at_maps(w, pid) < 0)
		denied = true;
	if (!denied && (w->what & SCAN_WAITERS))
		denied = each_thread(w, pid, thread_waits) < 0 && !has_left(errno);
	if (denied && (w->what & (SCAN_MAPS | SCAN_WAITERS)) &&
		!proc_is_kernel_thread(pid) && !proc_has_ended(pid))
		w->hidden++;
}

/* Orders by object, process and what it does; one that does the same twice stands together. */
static int
by_object(const void *a, const void *b)
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
merge_uses(struct scan *w)
{
	size_t kept = 0;

	if (w->uses_count > 0)
		qsort(w->uses, w->uses_count, sizeof *w->uses, by_object);
	for (size_t i = 0; i < w->uses_count; i++) {
		if (kept > 0 && is_same_use(&w->uses[kept - 1], &w->uses[i]))
			w->uses[kept - 1].count++;
		else
			w->uses[kept++] = w->uses[i];
	}
	w->uses_count = kept;
}

static void
find_ancestors(struct scan *w)
{
	pid_t pid = getpid();

	while (pid > 0) {
		w->ancestors = xreallocarray(
			w->ancestors, w->ancestors_count + 1, sizeof *w->ancestors);
		w->ancestors[w->ancestors_count++] = pid;
		pid = proc_parent(pid);
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
	bool hides = mounts == NULL;

	while (mounts != NULL && (m = getmntent(mounts)) != NULL) {
		if (strcmp(m->mnt_dir, "/proc") != 0)
			continue;
		hides = false; /* the last one counts, which lies on top */
		for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
			hides |= hasmntopt(m, words[i]) != NULL;
	}
	if (mounts != NULL)
		endmntent(mounts);
	return hides && !caller_has(CAP_SYS_PTRACE);
}

/* Why some processes that may use our objects are not to be seen at all, or NULL. */
static const char *
find_blind(const struct scan *w)
{
	enum { PROC_IPC_INIT_INO = 0xefffffff }; /* include/linux/proc_ns.h */

	if (!proc_are_ours())
		return "/proc does not show this pid namespace";
	if (proc_hides())
		return "/proc hides those of other users (hidepid)";
	/* A container that shares the machine's objects, but not its processes. */
	if (w->ours.st_ino == PROC_IPC_INIT_INO && !proc_initial_namespace())
		return "some run outside this pid namespace";
	if ((w->what & SCAN_WAITERS) && !waiters_are_known())
		return "who waits cannot be seen on this architecture";
	return NULL;
}

enum {
	PIDS = 1 << 22, /* the most that pid_max can be */
	PASSES = 100, /* each costs little, and most find none that has ended */
};

/* Whether a process is looked at for the first time; notes that it is. */
static bool
is_new(struct scan *w, pid_t pid)
{
	uint8_t bit = 1 << (pid % 8);
	bool before;

	if (pid >= PIDS)
		return true;
	before = w->seen[pid / 8] & bit;
	w->seen[pid / 8] |= bit;
	return !before;
}

/* Looks at all processes that there are now and have not been looked at. */
static void
look_at_new(struct scan *w)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;

	if (dir == NULL) {
		w->blind = "/proc cannot be read";
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		const char *p = entry->d_name;
		uint64_t pid;

		if (num_scan(&p, 10, INT32_MAX, &pid) == 0 && is_new(w, pid))
			look_at(w, pid);
	}
	closedir(dir);
}

/*
 * The list of processes is older than the look at each.  One that has ended meanwhile may
 * have left its work to another that is not in the list, as the workers of a server do; so
 * the list is read once more, and only the new ones are looked at, until none has ended.
 */
static void
look_at_all(struct scan *w)
{
	int passes = 0;

	w->seen = xcalloc(PIDS / 8, 1);
	do {
		w->left = false;
		look_at_new(w);
	} while (w->left && ++passes < PASSES);
	if (w->left)
		w->blind = "they come and go faster than that";
}

static void
walk(struct scan *w)
{
	if (w->done)
		return;
	w->done = true;
	if (stat("/proc/self/ns/ipc", &w->ours) < 0) {
		w->blind = "/proc cannot be read";
	} else {
		w->blind = find_blind(w);
		find_ancestors(w);
		if (proc_are_ours())
			look_at_all(w);
	}
	if (w->blind != NULL) {
		w->hidden++;
		w->hidden_users++;
	}
	merge_uses(w);
}

bool
scan_is_done(const struct scan *w)
{
	return w->done;
}

const struct use *
scan_uses(struct scan *w, const struct object *o, size_t *count)
{
	uint32_t id = o->fact[FACT_ID];
	size_t low = 0, high;

	walk(w);
	high = w->uses_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct use *u = &w->uses[middle];

		if (u->kind < o->kind || (u->kind == o->kind && u->id < id))
			low = middle + 1;
		else
			high = middle;
	}
	for (high = low; high < w->uses_count && w->uses[high].kind == o->kind &&
		w->uses[high].id == id;
		high++)
		continue;
	*count = high - low;
	return w->uses + low;
}

int
scan_user_runs(struct scan *w, uid_t uid)
{
	walk(w);
	for (size_t i = 0; i < w->users_count; i++)
		if (w->users[i] == uid)
			return 1;
	return w->hidden_users > 0 ? -1 : 0;
}

size_t
scan_hidden(const struct scan *w)
{
	return w->hidden;
}

const char *
scan_blind(const struct scan *w)
{
	return w->blind;
}
