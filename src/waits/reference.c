/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/reference.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/percent.h"
#include "lib/xalloc.h"
#include "waits/mounts.h"
#include "waits/read.h"

char *
reference_of_path(const char *type, const char *path)
{
	struct buf b = { 0 };

	buf_printf(&b, "%s:", type);
	percent_put(&b, path, "/");
	/* The caller frees it. */
	return (char *)buf_text(&b);
}

/* Whether a link is that of a file that has no name any more. */
static bool
is_deleted(const char *link)
{
	static const char deleted[] = " (deleted)";
	size_t len = strlen(link);

	return len > strlen(deleted) &&
		strcmp(link + len - strlen(deleted), deleted) == 0;
}

char *
reference_of_queue(const char *link)
{
	const char *name = strrchr(link, '/');

	/* That of mq_open(3) is "/name", whatever is mounted where. */
	return name == NULL || is_deleted(name) ? NULL : reference_of_path("pmsg", name);
}

char *
reference_decode(const char *text)
{
	struct buf path = { 0 };

	while (*text != '\0') {
		unsigned char c = *text++;

		if (c == '%' && (percent_take(&text, &c) < 0 || c == '\0')) {
			buf_free(&path);
			return NULL;
		}
		buf_char(&path, c);
	}
	return (char *)buf_text(&path);
}

int
reference_link(const struct world *w, const struct process *p, const char *name,
	struct buf *path)
{
	char file[READ_PATH], text[PATH_MAX];
	ssize_t len;

	read_path(file, w, p, name);
	len = readlink(file, text, sizeof text);
	if (len < 0)
		return -1;
	buf_add(path, text, len);
	return 0;
}

/* Also if the kernel has no namespaces of this sort. */
static bool
shares_namespace(const struct world *w, const struct process *p, const char *name)
{
	char path[READ_PATH], own[READ_PATH];
	struct stat ours, theirs;

	snprintf(own, sizeof own, "/proc/self/%s", name);
	read_path(path, w, p, name);
	if (stat(own, &ours) < 0)
		return errno == ENOENT;
	return stat(path, &theirs) == 0 && ours.st_ino == theirs.st_ino &&
		ours.st_dev == theirs.st_dev;
}

bool
reference_is_here(const struct world *w, const struct process *p)
{
	return shares_namespace(w, p, "ns/mnt");
}

bool
reference_has_our_objects(const struct world *w, const struct process *p)
{
	return shares_namespace(w, p, "ns/ipc");
}

bool
reference_has_our_clocks(const struct world *w, const struct process *p)
{
	return shares_namespace(w, p, "ns/time");
}

bool
reference_is_fifo(
	const struct process *p, const char *path, uint64_t *device, uint64_t *inode)
{
	struct mounted_file found;
	char *file;
	bool is_fifo;

	if (mounts_serve_path(p->pid, path))
		return false;
	file = xasprintf("/proc/%d/root%s", (int)p->pid, path);
	is_fifo = mounts_find_file(p->pid, file, AT_SYMLINK_NOFOLLOW, &found) == 0 &&
		found.is_fifo;
	free(file);
	if (is_fifo) {
		*device = found.device;
		*inode = found.inode;
	}
	return is_fifo;
}

char *
reference_of_lock(
	const struct world *w, struct descriptors *d, const struct descriptor *file)
{
	const struct descriptor *list;
	struct buf path = { 0 };
	char name[32], *ref;
	size_t count;

	list = descriptors_of_file(d, file->device, file->inode, &count);
	if (count == 0)
		list = file;
	snprintf(name, sizeof name, "fd/%d", list->fd);
	if (reference_link(w, &w->processes[list->process], name, &path) < 0 ||
		is_deleted(buf_text(&path)) ||
		!reference_is_here(w, &w->processes[list->process]))
		ref = xasprintf("lock:%02x:%02x:%llu", major(file->device),
			minor(file->device), (unsigned long long)file->inode);
	else
		ref = reference_of_path("lock", buf_text(&path));
	buf_free(&path);
	return ref;
}
