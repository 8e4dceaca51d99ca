/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/shm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kind/access.h"
#include "lib/array.h"
#include "lib/buf.h"
#include "lib/calls.h"
#include "lib/file.h"
#include "lib/names.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "namespace/mount-owner.h"
#include "process/proc.h"

enum { NAMED_MOST = 4 }; /* processes in a message */

/* A task of the namespace, and what it shows.  The descriptor of its directory in /proc
 * never leads to another task that gets its pid. */
struct shower {
	int task;
	pid_t pid, tid;
	uint64_t start;
	char name[16];
	int fd; /* of what it shows, or -1 */
	int error; /* errno why it shows none, or 0 */
	struct stat st;
};

/* A directory that tasks of the namespace show, and the oldest of them. */
struct view {
	dev_t device;
	ino_t inode;
	pid_t pid;
	uint64_t start;
	char name[16];
};

struct search {
	const struct namespace *ns;
	struct shower oldest; /* its pid is 0 until one is found */
	struct view *views;
	size_t count;
	size_t unseen; /* processes that may be in it, and what they show is unknown */
	int error; /* errno why, of one of those */
};

/* --- A task ------------------------------------------------------------------------- */

static void
close_shower(struct shower *s)
{
	if (s->task >= 0)
		close(s->task);
	if (s->fd >= 0)
		close(s->fd);
	s->task = s->fd = -1;
}

/* Opens what the task shows.  No link is followed: an absolute one would lead into the
 * caller's own root.  The descriptor, or -1 with errno; *left tells that the task has
 * ended. */
static int
open_shown(int task, bool *left)
{
	struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	int root = openat(task, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd, error;

	*left = root < 0 && proc_has_left(errno);
	if (root < 0)
		return -1;
	fd = syscall(SYS_openat2, root, "dev/shm", &how, sizeof how);
	error = errno;
	close(root);
	errno = error;
	return fd;
}

/* Whether a task runs this program: an ipctool that works in the namespace shows the
 * directory of whoever started it.  One that is ending has no program any more. */
static bool
is_another_ipctool(int task)
{
	struct stat own, exe;

	if (fstatat(task, "exe", &exe, 0) < 0)
		return errno == ENOENT;
	return stat("/proc/self/exe", &own) == 0 && exe.st_dev == own.st_dev &&
		exe.st_ino == own.st_ino;
}

/* Looks at a task.  1 if it is in the namespace, 0 if it is not, has ended or is an
 * ipctool, or -1 with errno. */
static int
look_at(const struct namespace *ns, pid_t pid, pid_t tid, struct shower *s)
{
	struct stat st = { .st_ino = ns->file.inode };
	char path[PROC_PATH];
	struct proc p;
	bool left = false;
	int error;

	*s = (struct shower){ .pid = pid, .tid = tid, .fd = -1 };
	proc_path(path, pid, tid, ".");
	s->task = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* The start and the name are those of this task if it still lives afterwards. */
	if (s->task < 0 || fstatat(s->task, "ns/ipc", &st, 0) < 0 ||
		st.st_ino != ns->file.inode || proc_read(pid, &p) < 0) {
		error = st.st_ino != ns->file.inode ? ESRCH : errno;
		close_shower(s);
		errno = error;
		return proc_has_left(error) ? 0 : -1;
	}
	s->start = p.start;
	strlcpy(s->name, p.name, sizeof s->name);
	s->fd = open_shown(s->task, &left);
	if (s->fd < 0 || fstat(s->fd, &s->st) < 0)
		s->error = errno;
	left |= is_another_ipctool(s->task);
	if (left)
		close_shower(s);
	return left ? 0 : 1;
}

/* --- The namespace ------------------------------------------------------------------ */

static bool
is_older(uint64_t start, pid_t pid, uint64_t than_start, pid_t than_pid)
{
	return start < than_start || (start == than_start && pid < than_pid);
}

static void
note_view(struct search *search, const struct shower *s)
{
	struct view *v = search->views;
	size_t i = 0;

	while (i < search->count &&
		(v[i].device != s->st.st_dev || v[i].inode != s->st.st_ino))
		i++;
	if (i < search->count && !is_older(s->start, s->pid, v[i].start, v[i].pid))
		return;
	if (i == search->count) {
		search->views =
			xgrow(search->views, search->count, sizeof *search->views);
		search->count++;
	}
	v = &search->views[i];
	*v = (struct view){ s->st.st_dev, s->st.st_ino, s->pid, s->start, "" };
	strlcpy(v->name, s->name, sizeof v->name);
}

/* Whether a task that shows no directory is known to have none. */
static bool
has_none(const struct shower *s)
{
	return s->error == ENOENT || s->error == ENOTDIR || s->error == ELOOP;
}

static void
add_unseen(struct search *search, int error)
{
	search->unseen++;
	search->error = error;
}

/* Looks at a task, and keeps it if it is the oldest. */
static void
try_task(struct search *search, pid_t pid, pid_t tid)
{
	struct shower task, *s = &task;
	int rc = look_at(search->ns, pid, tid, s);

	if (rc < 0)
		add_unseen(search, errno);
	if (rc <= 0)
		return;
	if (s->error == 0)
		note_view(search, s);
	else if (!has_none(s))
		add_unseen(search, s->error);
	if (search->oldest.pid != 0 &&
		!is_older(s->start, s->pid, search->oldest.start, search->oldest.pid)) {
		close_shower(s);
		return;
	}
	if (search->oldest.pid != 0)
		close_shower(&search->oldest);
	search->oldest = *s;
}

static void
find_oldest(
	struct search *search, const struct namespaces *all, size_t place, pid_t named)
{
	const struct namespace *ns = search->ns;

	if (named != 0) {
		try_task(search, named, named);
		return;
	}
	for (size_t i = 0; i < all->members_count; i++)
		if (all->members[i].place == place)
			try_task(search, all->members[i].pid, all->members[i].pid);
	/* Only a thread may be in it. */
	if (search->oldest.pid == 0 && ns->pid != 0)
		try_task(search, ns->pid, ns->tid);
	/* The list of the processes is not whole. */
	if (all->error != 0)
		add_unseen(search, all->error);
	else if (all->is_full)
		add_unseen(search, EMFILE);
}

/* --- What may be done with it ------------------------------------------------------- */

static void
put_foreign(const struct search *search, const struct mount_owner *owner, struct buf *b)
{
	buf_str(b, "pshm and psem of ");
	ns_file_put(&search->ns->file, b);
	buf_str(b, " are not changed from here: its mounts belong to another user");
	if (owner->has_user)
		buf_printf(b, " (%s)", names_user(owner->user));
	buf_printf(b, "; run ipctool inside: nsenter -t %d -U -m -i -S 0 ipctool ...",
		(int)search->oldest.tid);
}

/* Finds whether files may be opened and changed: whoever owns another user namespace can
 * have mounted any directory of the machine there.  0, or -1 with errno. */
static int
check_mount(const struct search *search, uint64_t mount, struct ns_shm *shm)
{
	struct buf danger = { 0 };
	struct mount_owner owner;

	if (mount_owner_find(search->oldest.task, mount, &owner) < 0)
		return -1;
	shm->dir.is_whole = owner.is_whole;
	shm->dir.may_open = owner.is_ours;
	if (owner.is_ours)
		return 0;
	put_foreign(search, &owner, &danger);
	shm->danger = xstrdup(buf_text(&danger));
	buf_free(&danger);
	return 0;
}

/* --- Different views ---------------------------------------------------------------- */

static void
put_process(const struct view *v, struct buf *b)
{
	buf_printf(b, "%d (%s)", (int)v->pid, v->name);
}

static int
by_age(const void *a, const void *b)
{
	const struct view *x = a, *y = b;

	return is_older(x->start, x->pid, y->start, y->pid) ? -1 : 1;
}

/* Names the oldest process of each directory. */
static void
tell_views(const struct search *search, struct ns_shm *shm)
{
	struct buf text = { 0 };
	size_t start;

	qsort(search->views, search->count, sizeof *search->views, by_age);
	buf_str(&text, "processes of ");
	ns_file_put(&search->ns->file, &text);
	buf_str(&text, " see different /dev/shm");
	start = text.len;
	buf_printf(&text, "; this is that of %d (%s); name another with --ipc-ns=PID",
		(int)search->oldest.pid, search->oldest.name);
	shm->note = xstrdup(buf_text(&text));
	text.len = start;
	for (size_t i = 0; i < search->count && i < NAMED_MOST; i++) {
		buf_str(&text, i == 0 ? ": " : ", ");
		put_process(&search->views[i], &text);
	}
	if (search->count > NAMED_MOST)
		buf_printf(&text, " and %zu more", search->count - NAMED_MOST);
	buf_str(&text, "; name one of them with --ipc-ns=PID");
	if (shm->danger == NULL)
		shm->danger = xstrdup(buf_text(&text));
	buf_free(&text);
}

/* A process that could not be examined may see another one. */
static void
tell_unseen(const struct search *search, struct ns_shm *shm)
{
	struct buf text = { 0 };

	buf_printf(&text, "what /dev/shm %zu process%s of ", search->unseen,
		search->unseen == 1 ? "" : "es");
	ns_file_put(&search->ns->file, &text);
	buf_printf(&text, " see%s cannot be determined: %s",
		search->unseen == 1 ? "s" : "", strerror(search->error));
	if (shm->note == NULL)
		shm->note = xasprintf("%s; this is that of %d (%s)", buf_text(&text),
			(int)search->oldest.pid, search->oldest.name);
	buf_str(&text, "; name a process with --ipc-ns=PID");
	if (shm->danger == NULL)
		shm->danger = xstrdup(buf_text(&text));
	buf_free(&text);
}

/* The same for one of which it is unknown in which namespace it is. */
static void
tell_unexamined(
	const struct search *search, const struct namespaces *all, struct ns_shm *shm)
{
	struct buf text = { 0 };

	buf_str(&text, "processes that could not be examined may be in ");
	ns_file_put(&search->ns->file, &text);
	buf_str(&text, " and see another /dev/shm; name a process with --ipc-ns=PID");
	if (shm->danger == NULL && (all->unexamined > 0 || all->is_hidden))
		shm->danger = xstrdup(buf_text(&text));
	buf_free(&text);
}

/* --- All ---------------------------------------------------------------------------- */

static void
put_unopened(const char *path, int error, struct buf *why)
{
	buf_printf(why, "cannot open '%s': %s%s", path, strerror(error),
		error == EACCES || error == EPERM ? access_hint() : "");
}

/* Stores the number of the mount of a file, proc_pid_fdinfo(5): not every C library has
 * that of statx(2).  0, or -1. */
static int
read_mount(int fd, uint64_t *mount)
{
	static const char name[] = "mnt_id:\t";
	struct buf text = { 0 };
	char path[64];
	const char *p = NULL;
	int rc = -1;

	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
	if (file_read_all(path, &text) == 0)
		p = strstr(buf_text(&text), name);
	if (p != NULL) {
		p += strlen(name);
		rc = num_scan(&p, 10, UINT64_MAX, mount);
	}
	buf_free(&text);
	return rc;
}

/* Whether it is the root of a mount of a tmpfs; stores which mount. */
static bool
is_tmpfs_root(int fd, uint64_t *mount)
{
	struct statfs fs;
	struct statx st;

	return fstatfs(fd, &fs) == 0 && fs.f_type == TMPFS_MAGIC &&
		statx(fd, "", AT_EMPTY_PATH, 0, &st) == 0 &&
		(st.stx_attributes & STATX_ATTR_MOUNT_ROOT) && read_mount(fd, mount) == 0;
}

/* Appends why what the oldest task shows cannot be used. */
static void
check(const struct search *search, struct ns_shm *shm, struct buf *why)
{
	const struct shower *s = &search->oldest;
	char path[PROC_PATH];
	uint64_t mount;

	if (s->pid == 0) {
		buf_str(why, "pshm and psem of ");
		ns_file_put(&search->ns->file, why);
		buf_printf(why, " cannot be determined: %s",
			search->unseen > 0
				? strerror(search->error)
				: "no process of this namespace shows its /dev/shm");
		return;
	}
	proc_path(path, s->pid, s->tid, "root/dev/shm");
	shm->dir.path = shm->path = xstrdup(path);
	shm->dir.entering = shm->entering = xasprintf("nsenter -t %d -m ", (int)s->tid);
	if (s->error == ELOOP || s->error == ENOTDIR ||
		(s->error == 0 && !is_tmpfs_root(s->fd, &mount))) {
		buf_printf(
			why, "'%s' is not the root of a tmpfs; nothing was done", path);
		return;
	}
	if (s->error != 0) {
		put_unopened(path, s->error, why);
		return;
	}
	shm->device = s->st.st_dev;
	shm->inode = s->st.st_ino;
	if (check_mount(search, mount, shm) < 0) {
		proc_path(path, s->pid, s->tid, "ns/mnt");
		put_unopened(path, errno, why);
	}
}

void
ns_shm_find(const struct namespaces *all, size_t place, pid_t named, struct ns_shm *shm)
{
	struct search search = { .ns = &all->list[place] };
	struct buf why = { 0 };

	*shm = (struct ns_shm){ .dir = { .fd = -1, .process = -1 } };
	find_oldest(&search, all, place, named);
	check(&search, shm, &why);
	if (search.count > 1)
		tell_views(&search, shm);
	if (search.unseen > 0 && why.len == 0)
		tell_unseen(&search, shm);
	if (named == 0)
		tell_unexamined(&search, all, shm);
	if (why.len > 0)
		shm->missing = xstrdup(buf_text(&why));
	if (search.oldest.pid != 0) {
		shm->dir.fd = search.oldest.fd;
		shm->dir.process = search.oldest.task;
	}
	buf_free(&why);
	free(search.views);
}

void
ns_shm_find_own(struct ns_shm *shm)
{
	struct stat st = { 0 };

	*shm = (struct ns_shm){ .dir = { .fd = -1, .process = -1 } };
	if (stat("/dev/shm", &st) < 0)
		return;
	shm->device = st.st_dev;
	shm->inode = st.st_ino;
}

void
ns_shm_free(struct ns_shm *shm)
{
	if (shm->dir.fd >= 0)
		close(shm->dir.fd);
	if (shm->dir.process >= 0)
		close(shm->dir.process);
	free(shm->missing);
	free(shm->danger);
	free(shm->note);
	free(shm->path);
	free(shm->entering);
}
