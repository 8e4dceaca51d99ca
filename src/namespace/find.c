/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "namespace/find.h"

#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "process/entries.h"
#include "process/mounts.h"
#include "process/proc.h"

enum { TRIES = 10 }; /* a process that moves on more often is passed over */

static const char link_start[] = "ipc:[";

/* The mount namespaces whose mounts were read. */
struct mounts_read {
	ino_t *list;
	size_t count;
};

/* --- The list ----------------------------------------------------------------------- */

static size_t
place_with(const struct namespaces *all, ino_t inode)
{
	size_t i = 0;

	while (i < all->count && all->list[i].file.inode != inode)
		i++;
	return i;
}

struct namespace *
namespaces_with(const struct namespaces *all, ino_t inode)
{
	size_t place = place_with(all, inode);

	return place < all->count ? &all->list[place] : NULL;
}

static bool
is_open(const struct namespaces *all, size_t place)
{
	return place < all->count && all->list[place].error == 0;
}

/* Whether an error means that the namespace, or what led to it, is gone. */
static bool
is_gone(int error)
{
	return proc_has_left(error) || error == ESTALE || error == EMEDIUMTYPE ||
		error == ENOTDIR || error == ELOOP;
}

/* Whether an error means that a process could not be examined.  While one ends, the
 * errors are others than those for a process that is gone. */
static bool
is_denied(pid_t pid, int error)
{
	return !is_gone(error) && proc_is_alive(pid) != 0;
}

/* Keeps the result of opening the namespace with this number: rc, and f or errno.  One
 * that exists but cannot be opened is kept with the error.  0, or -1. */
static int
keep_file(struct namespaces *all, ino_t inode, int rc, struct ns_file *f, size_t *place)
{
	int error = rc < 0 ? errno : 0;
	struct namespace *ns;

	if (error == EMFILE || error == ENFILE)
		all->is_full = true;
	if (all->is_full || is_gone(error))
		return -1;
	if (error != 0)
		*f = (struct ns_file){ .fd = -1, .inode = inode };
	*place = place_with(all, f->inode);
	if (*place == all->count) {
		all->list = xgrow(all->list, all->count, sizeof *all->list);
		all->list[all->count++] = (struct namespace){ 0 };
	}
	ns = &all->list[*place];
	ns->file = *f;
	ns->error = error;
	return 0;
}

int
namespaces_add_path(struct namespaces *all, const char *path, size_t *place)
{
	struct ns_file f;
	int rc = ns_file_open(path, 0, &f);

	if (rc < 0) {
		all->is_full |= errno == EMFILE || errno == ENFILE;
		return -1;
	}
	if (!is_open(all, place_with(all, f.inode)))
		return keep_file(all, f.inode, rc, &f, place);
	close(f.fd);
	*place = place_with(all, f.inode);
	return 0;
}

/* The place of the namespace of a task.  It is opened only if it is not known.  0, or -1
 * with errno. */
static int
add_task(struct namespaces *all, pid_t pid, pid_t tid, size_t *place)
{
	char path[PROC_PATH];
	struct ns_file f;
	struct stat st;
	int rc;

	proc_path(path, pid, tid, "ns/ipc");
	/* A task that moves between the two calls is looked at again. */
	for (int i = 0; i < TRIES; i++) {
		if (stat(path, &st) < 0)
			return -1;
		*place = place_with(all, st.st_ino);
		if (is_open(all, *place))
			return 0;
		rc = ns_file_open(path, st.st_ino, &f);
		if (rc == 0 || errno != ESTALE)
			return keep_file(all, st.st_ino, rc, &f, place);
	}
	return -1;
}

static int
compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Takes ownership of the text.  Any user can make very many of them. */
static void
add_kept(struct namespace *ns, char *text)
{
	void *node = tsearch(text, &ns->kept_tree, compare_texts);

	if (node == NULL)
		xalloc_fail();
	if (*(char **)node != text) {
		free(text);
		return;
	}
	ns->kept = xgrow(ns->kept, ns->kept_count, sizeof *ns->kept);
	ns->kept[ns->kept_count++] = text;
}

/* --- Tasks -------------------------------------------------------------------------- */

/* Counts a process that has this thread in the namespace. */
static void
note_process(struct namespace *ns, pid_t pid, pid_t tid, const struct proc *p)
{
	if (ns->nprocs++ > 0 &&
		(p->start > ns->start || (p->start == ns->start && pid > ns->pid)))
		return;
	ns->pid = pid;
	ns->tid = tid;
	ns->start = p->start;
	strlcpy(ns->command, p->name, sizeof ns->command);
}

/* Finds the namespaces of the other threads of a process, whose main thread is in that at
 * this place, or has ended.  0, or -1 with errno. */
static int
add_threads(struct namespaces *all, pid_t pid, const struct proc *p, size_t main_place)
{
	struct entries threads;
	size_t *places = NULL, count = 0;
	char path[PROC_PATH];
	int error = 0;

	proc_path(path, pid, pid, "task");
	if (entries_read(path, &threads) < 0)
		return -1;
	for (size_t i = 0; i < threads.count && !all->is_full; i++) {
		pid_t tid = threads.list[i].pid;
		size_t place, known = 0;

		if (tid == pid)
			continue;
		if (add_task(all, pid, tid, &place) < 0) {
			error = proc_has_left(errno) ? error : errno;
			continue;
		}
		if (place == main_place)
			continue;
		add_kept(
			&all->list[place], xasprintf("thread:%d/%d", (int)pid, (int)tid));
		while (known < count && places[known] != place)
			known++;
		if (known < count)
			continue;
		places = xgrow(places, count, sizeof *places);
		places[count++] = place;
		note_process(&all->list[place], pid, tid, p);
	}
	free(places);
	free(threads.list);
	errno = error;
	return error == 0 ? 0 : -1;
}

static void
add_member(struct namespaces *all, pid_t pid, size_t place)
{
	all->members = xgrow(all->members, all->members_count, sizeof *all->members);
	all->members[all->members_count++] = (struct ns_member){ pid, place };
}

/* Finds the namespaces of a process.  0, or -1 with errno. */
static int
add_process_tasks(struct namespaces *all, pid_t pid, const struct proc *p)
{
	size_t place = SIZE_MAX;
	int error = 0;

	if (add_task(all, pid, pid, &place) == 0) {
		if (!p->is_kernel)
			add_member(all, pid, place);
		note_process(&all->list[place], pid, pid, p);
		add_kept(&all->list[place], xstrdup("process"));
	} else {
		/* A main thread that has ended has none, but others may live. */
		place = SIZE_MAX;
		error = proc_has_left(errno) ? 0 : errno;
	}
	if (p->threads > 1 && add_threads(all, pid, p, place) < 0 &&
		!proc_has_left(errno))
		error = errno;
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Examines the processes that are not among those of the last pass.  Returns whether one
 * of these has ended: it may have left its work to another one that is not in the
 * list. */
static bool
add_new_processes(struct namespaces *all, pid_t self, struct entries *seen, int pass)
{
	struct entries now;
	bool left = pass == 0;
	struct proc p;

	if (entries_read("/proc", &now) < 0) {
		all->error = errno;
		return false;
	}
	for (size_t i = 0; i < seen->count && !left; i++)
		left = !entries_have(&now, &seen->list[i]);
	for (size_t i = 0; i < now.count && !all->is_full; i++) {
		pid_t pid = now.list[i].pid;

		if (pid == self || entries_have(seen, &now.list[i]))
			continue;
		if (proc_read(pid, &p) < 0) {
			all->unexamined += is_denied(pid, errno);
			continue;
		}
		if (p.is_zombie)
			continue;
		if (add_process_tasks(all, pid, &p) < 0 && !p.is_kernel)
			all->unexamined += is_denied(pid, errno);
	}
	free(seen->list);
	*seen = now;
	return left;
}

/* --- Mounts ------------------------------------------------------------------------- */

/* The number in "ipc:[4026532188]", or 0. */
static ino_t
inode_of(const char *text, size_t len)
{
	const char *p = text + strlen(link_start);
	uint64_t inode;

	if (len <= strlen(link_start) ||
		strncmp(text, link_start, strlen(link_start)) != 0 ||
		num_scan(&p, 10, UINT32_MAX, &inode) < 0 || *p != ']')
		return 0;
	return inode;
}

static void
add_mount(struct namespaces *all, pid_t pid, ino_t inode, const struct mount_line *line)
{
	size_t place = place_with(all, inode);
	struct buf point = { 0 };
	struct ns_file f;

	mounts_put_path(line->point, line->point_len, &point);
	if (is_open(all, place) ||
		keep_file(all, inode,
			ns_file_open_within(pid, buf_text(&point), inode, &f), &f,
			&place) == 0)
		add_kept(&all->list[place], xasprintf("mount:%s", buf_text(&point)));
	buf_free(&point);
}

static bool
is_nsfs(const struct mount_line *line)
{
	return line->type != NULL && line->type_len == strlen("nsfs") &&
		memcmp(line->type, "nsfs", line->type_len) == 0;
}

/* Whether the mounts of a mount namespace were read; notes that they are read now. */
static bool
were_read(struct mounts_read *r, ino_t inode)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->list[i] == inode)
			return true;
	r->list = xgrow(r->list, r->count, sizeof *r->list);
	r->list[r->count++] = inode;
	return false;
}

/* 0, or -1 with errno. */
static int
add_mounts(struct namespaces *all, pid_t pid, struct mounts_read *r)
{
	struct buf text = { 0 };
	struct mount_line line;
	char path[PROC_PATH];
	struct stat st;
	const char *at;

	proc_path(path, pid, pid, "ns/mnt");
	if (stat(path, &st) < 0)
		return -1;
	if (were_read(r, st.st_ino))
		return 0;
	proc_path(path, pid, pid, "mountinfo");
	if (file_read_all(path, &text) < 0)
		return -1;
	for (at = buf_text(&text); mounts_next(&at, &line) > 0;) {
		ino_t inode = is_nsfs(&line) ? inode_of(line.root, line.root_len) : 0;

		if (inode != 0)
			add_mount(all, pid, inode, &line);
	}
	buf_free(&text);
	return 0;
}

/* --- Descriptors -------------------------------------------------------------------- */

/* 0, or -1 with errno. */
static int
add_descriptors(struct namespaces *all, pid_t pid)
{
	char path[PROC_PATH], file[32], target[64];
	struct entries fds;
	int error = 0;

	proc_path(path, pid, pid, "fd");
	if (entries_read(path, &fds) < 0)
		return -1;
	for (size_t i = 0; i < fds.count && !all->is_full; i++) {
		ssize_t len;
		size_t place;
		ino_t inode;
		struct ns_file f;

		snprintf(file, sizeof file, "fd/%d", (int)fds.list[i].pid);
		proc_path(path, pid, pid, file);
		len = readlink(path, target, sizeof target - 1);
		if (len < 0 && !proc_has_left(errno))
			error = errno;
		target[len < 0 ? 0 : len] = '\0';
		inode = len < 0 ? 0 : inode_of(target, len);
		if (inode == 0)
			continue;
		place = place_with(all, inode);
		if (is_open(all, place) ||
			keep_file(all, inode, ns_file_open(path, inode, &f), &f,
				&place) == 0)
			add_kept(&all->list[place],
				xasprintf("fd:%d/%d", (int)pid, (int)fds.list[i].pid));
	}
	free(fds.list);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* --- All ---------------------------------------------------------------------------- */

/* The pid of ipctool in /proc, which may be that of another PID namespace. */
static pid_t
find_self(void)
{
	char text[16] = "";
	const char *p = text;
	uint64_t pid;

	if (readlink("/proc/self", text, sizeof text - 1) < 0 ||
		num_scan(&p, 10, INT32_MAX, &pid) < 0)
		return getpid();
	return pid;
}

void
namespaces_start(struct namespaces *all)
{
	*all = (struct namespaces){ .own = SIZE_MAX };
	ns_file_raise_limit();
	if (namespaces_add_path(all, "/proc/self/ns/ipc", &all->own) < 0) {
		all->own = SIZE_MAX;
		all->own_error = errno;
	}
	all->current = all->own;
}

void
namespaces_find_tasks(struct namespaces *all)
{
	struct entries seen = { 0 };
	pid_t self = find_self();

	all->is_hidden = proc_hides();
	for (int pass = 0;
		pass < ENTRIES_PASSES && add_new_processes(all, self, &seen, pass);
		pass++)
		continue;
	free(seen.list);
}

void
namespaces_find_kept(struct namespaces *all)
{
	struct mounts_read read = { 0 };

	for (size_t i = 0; i < all->members_count && !all->is_full; i++) {
		pid_t pid = all->members[i].pid;
		bool denied = add_mounts(all, pid, &read) < 0 && is_denied(pid, errno);

		denied |= add_descriptors(all, pid) < 0 && is_denied(pid, errno);
		all->unexamined += denied;
	}
	free(read.list);
}

bool
namespaces_is_only_ours(const struct namespaces *all, size_t place)
{
	return all->list[place].kept_count == 0 && all->unexamined == 0 &&
		!all->is_hidden;
}

void
namespaces_free(struct namespaces *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct namespace *ns = &all->list[i];

		if (ns->file.fd >= 0)
			close(ns->file.fd);
		tdestroy(ns->kept_tree, free);
		free(ns->kept);
	}
	free(all->list);
	free(all->members);
}
