/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "process/proc.h"
#include "waits/mounts.h"
#include "waits/read.h"

/* A list of descriptors, sorted by device, inode and process once it is complete. */
struct list {
	struct descriptor *list;
	size_t count;
};

struct descriptors {
	struct world *w;
	bool is_read; /* the links */
	bool has_files; /* device and inode of the files */
	struct list pipes, files, sockets, rings;
	struct list queues; /* files that may be POSIX queues, without a device */
	struct mount_ids *mounts;
};

struct descriptors *
descriptors_new(struct world *w)
{
	struct descriptors *d = xcalloc(1, sizeof *d);

	d->w = w;
	d->mounts = mount_ids_new();
	return d;
}

void
descriptors_free(struct descriptors *d)
{
	free(d->pipes.list);
	free(d->files.list);
	free(d->sockets.list);
	free(d->rings.list);
	free(d->queues.list);
	mount_ids_free(d->mounts);
	free(d);
}

static void
add_descriptor(struct list *l, struct descriptor one)
{
	l->list = xgrow(l->list, l->count, sizeof *l->list);
	l->list[l->count++] = one;
}

static int
compare_files(const void *a, const void *b)
{
	const struct descriptor *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return (x->inode > y->inode) - (x->inode < y->inode);
}

static int
compare_descriptors(const void *a, const void *b)
{
	const struct descriptor *x = a, *y = b;
	int order = compare_files(a, b);

	if (order != 0)
		return order;
	if (x->process != y->process)
		return x->process < y->process ? -1 : 1;
	return x->fd - y->fd;
}

static void
sort_list(struct list *l)
{
	if (l->count > 0)
		qsort(l->list, l->count, sizeof *l->list, compare_descriptors);
}

/* --- The descriptors of all processes ------------------------------- */

/* Lists the descriptors of a process.  0, or -1 with errno. */
static int
list_process(const struct world *w, size_t process,
	void (*take)(void *arg, int fd, const char *link), void *arg)
{
	char path[READ_PATH], link[PATH_MAX];
	const struct dirent *entry;
	uint64_t fd;
	int unknown = 0, error;
	ssize_t len;
	DIR *dir;

	read_path(path, w, &w->processes[process], "fd");
	dir = opendir(path);
	if (dir == NULL)
		return -1;
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		if (num_range(entry->d_name, 0, INT32_MAX, &fd) < 0)
			continue;
		len = readlinkat(dirfd(dir), entry->d_name, link, sizeof link - 1);
		/* It may have been closed meanwhile. */
		if (len < 0) {
			unknown = proc_has_left(errno) ? unknown : errno;
			continue;
		}
		link[len] = '\0';
		take(arg, fd, link);
	}
	error = errno != 0 ? errno : unknown;
	closedir(dir);
	errno = error;
	return error == 0 ? 0 : -1;
}

int
descriptors_each(const struct world *w, size_t process,
	void (*take)(void *arg, int fd, const char *link), void *arg)
{
	return list_process(w, process, take, arg);
}

struct walk {
	struct descriptors *d;
	size_t process;
};

static void
take_descriptor(void *arg, int fd, const char *link)
{
	struct walk *walk = arg;
	struct descriptors *d = walk->d;
	struct descriptor one = { .process = walk->process, .fd = fd };

	if (descriptor_is_pipe(link, &one.inode))
		add_descriptor(&d->pipes, one);
	else if (*link == '/')
		add_descriptor(&d->files, one);
	else if (strncmp(link, "socket:", strlen("socket:")) == 0)
		add_descriptor(&d->sockets, one);
	else if (strcmp(link, "anon_inode:[io_uring]") == 0)
		add_descriptor(&d->rings, one);
}

/* Counts a process as unread, unless it has ended or closed the descriptor, by errno. */
static void
note_unseen(struct world *w, size_t process)
{
	struct process *p = &w->processes[process];

	if (proc_has_left(errno) || p->is_unread)
		return;
	p->is_unread = true;
	w->unread++;
}

static void
read_links(struct descriptors *d)
{
	struct world *w = d->w;
	struct walk walk = { .d = d };

	if (d->is_read)
		return;
	d->is_read = true;
	for (size_t i = 0; i < w->processes_count; i++) {
		const struct process *p = &w->processes[i];

		walk.process = i;
		if (p->count > 0 && list_process(w, i, take_descriptor, &walk) < 0)
			note_unseen(w, i);
	}
	sort_list(&d->pipes);
}

/* Device and inode of a file from its fdinfo, whose "ino:" Linux 5.14 added.  0, or -1
 * with errno, ENOTSUP if it has none. */
static int
identify_file(
	struct descriptors *d, struct descriptor *one, unsigned *flags, struct buf *text)
{
	const char *inode, *mount, *mode;
	uint64_t id, number;

	if (descriptor_info(d->w, one, text) < 0)
		return -1;
	errno = ENOTSUP;
	inode = read_label(buf_text(text), "ino:\t");
	mount = read_label(buf_text(text), "mnt_id:\t");
	mode = read_label(buf_text(text), "flags:\t");
	if (inode == NULL || mount == NULL || mode == NULL ||
		num_scan(&inode, 10, UINT64_MAX, &one->inode) < 0 ||
		num_scan(&mount, 10, UINT32_MAX, &id) < 0 ||
		num_scan(&mode, 8, UINT32_MAX, &number) < 0)
		return -1;
	one->device = mount_ids_device(d->mounts, id, d->w->processes[one->process].pid);
	*flags = number;
	return 0;
}

int
descriptor_file(struct descriptors *d, const struct thread *t, int fd,
	struct descriptor *file, unsigned *flags)
{
	struct buf text = { 0 };
	int rc;

	*file = (struct descriptor){ .process = t->process, .fd = fd };
	rc = identify_file(d, file, flags, &text);
	buf_free(&text);
	return rc;
}

static void
read_files(struct descriptors *d)
{
	struct buf text = { 0 };
	size_t kept = 0;

	read_links(d);
	if (d->has_files)
		return;
	d->has_files = true;
	for (size_t i = 0; i < d->files.count; i++) {
		struct descriptor one = d->files.list[i];
		unsigned flags;

		if (identify_file(d, &one, &flags, &text) < 0) {
			if (errno != ENOTSUP)
				note_unseen(d->w, one.process);
			continue;
		}
		if (flags & O_PATH)
			continue;
		d->files.list[kept++] = one;
		if (!mount_ids_has_queues(d->mounts, one.device))
			continue;
		one.device = 0;
		add_descriptor(&d->queues, one);
	}
	d->files.count = kept;
	sort_list(&d->files);
	sort_list(&d->queues);
	buf_free(&text);
}

static const struct descriptor *
find_in_list(const struct list *l, uint64_t device, uint64_t inode, size_t *count)
{
	const struct descriptor key = { .device = device, .inode = inode };
	size_t first =
		array_first(&key, l->list, l->count, sizeof *l->list, compare_files);

	*count = 0;
	while (first + *count < l->count &&
		compare_files(&key, &l->list[first + *count]) == 0)
		++*count;
	return l->list + first;
}

const struct descriptor *
descriptors_of_pipe(struct descriptors *d, uint64_t inode, size_t *count)
{
	read_links(d);
	return find_in_list(&d->pipes, 0, inode, count);
}

const struct descriptor *
descriptors_of_file(struct descriptors *d, uint64_t device, uint64_t inode, size_t *count)
{
	read_files(d);
	return find_in_list(&d->files, device, inode, count);
}

const struct descriptor *
descriptors_of_queue(struct descriptors *d, uint64_t inode, size_t *count)
{
	read_files(d);
	return find_in_list(&d->queues, 0, inode, count);
}

/* --- What is in no table --------------------------- */

bool
descriptor_is_local(const struct descriptors *d, const struct descriptor *file)
{
	return !mount_ids_is_served(d->mounts, file->device);
}

/* The first process one of whose descriptors has a count that is not 0 in its fdinfo, or
 * NONE. */
static size_t
find_count(struct world *w, const struct list *l, const char *label)
{
	struct buf text = { 0 };
	size_t found = NONE;

	for (size_t i = 0; i < l->count && found == NONE; i++) {
		const char *p;
		uint64_t number;

		if (descriptor_info(w, &l->list[i], &text) < 0) {
			note_unseen(w, l->list[i].process);
			continue;
		}
		p = read_label(buf_text(&text), label);
		if (p != NULL && (p += strspn(p, " \t")) &&
			num_scan(&p, 10, UINT64_MAX, &number) == 0 && number > 0)
			found = l->list[i].process;
	}
	buf_free(&text);
	return found;
}

/* Whether fdinfo shows how many descriptors are in transit in a UNIX socket. */
static bool
shows_transit(void)
{
	struct buf text = { 0 };
	char path[READ_PATH];
	int pair[2];
	bool shows;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return false;
	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pair[0]);
	shows = file_read_all(path, &text) == 0 &&
		read_label(buf_text(&text), "scm_fds:") != NULL;
	close(pair[0]);
	close(pair[1]);
	buf_free(&text);
	return shows;
}

int
descriptors_are_separate(const struct world *w, const struct thread *t)
{
	const struct thread *first = &w->threads[world_process_of(w, t)->first];

	return t == first ? 0
			  : (int)syscall(SYS_kcmp, first->tid, t->tid, KCMP_FILES, 0, 0);
}

/* A process with a thread that does not share the table of the others, or may not; or
 * NONE. */
static size_t
find_separate(const struct world *w)
{
	for (size_t i = 0; i < w->threads_count; i++) {
		const struct thread *t = &w->threads[i];

		if (descriptors_are_separate(w, t) != 0)
			return t->process;
	}
	return NONE;
}

void
descriptors_find_hidden(struct descriptors *d)
{
	struct world *w = d->w;

	read_links(d);
	w->hides_transit = !shows_transit();
	w->in_transit = find_count(w, &d->sockets, "scm_fds:");
	w->separate = find_separate(w);
	w->registered = find_count(w, &d->rings, "UserFiles:");
}
