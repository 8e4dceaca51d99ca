/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One descriptor of a process: its link, its fdinfo, and what is in a pipe. */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/num.h"
#include "waits/descriptors.h"

bool
descriptor_is_pipe(const char *link, uint64_t *inode)
{
	static const char start[] = "pipe:[";

	if (strncmp(link, start, strlen(start)) != 0)
		return false;
	link += strlen(start);
	return num_scan(&link, 10, UINT64_MAX, inode) == 0 && *link == ']';
}

void
descriptor_path(char path[READ_PATH], const struct world *w, size_t process,
	const char *dir, int fd)
{
	char name[32];

	snprintf(name, sizeof name, "%s/%d", dir, fd);
	read_path(path, w, &w->processes[process], name);
}

int
descriptor_read_link(const char *path, struct buf *link)
{
	char text[PATH_MAX];
	ssize_t len = readlink(path, text, sizeof text);

	link->len = 0;
	if (len < 0)
		return -1;
	buf_add(link, text, len);
	return 0;
}

int
descriptor_link(const struct world *w, const struct thread *t, int fd, struct buf *link)
{
	char path[READ_PATH];

	descriptor_path(path, w, t->process, "fd", fd);
	return descriptor_read_link(path, link);
}

int
descriptor_info(const struct world *w, const struct descriptor *one, struct buf *text)
{
	char path[READ_PATH];

	text->len = 0;
	descriptor_path(path, w, one->process, "fdinfo", one->fd);
	return file_read_all(path, text);
}

bool
descriptor_has(const struct world *w, const struct descriptor *one, bool write)
{
	char path[READ_PATH];
	struct stat st;

	descriptor_path(path, w, one->process, "fd", one->fd);
	return lstat(path, &st) == 0 && (st.st_mode & (write ? S_IWUSR : S_IRUSR));
}

/* A copy of a descriptor of a process, which is no reader or writer of its own; -1 with
 * errno. */
static int
copy_descriptor(const struct world *w, const struct thread *t, int fd)
{
	int process, copy, error;

	process = (int)syscall(SYS_pidfd_open, world_process_of(w, t)->pid, 0);
	if (process < 0)
		return -1;
	copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	error = errno;
	close(process);
	errno = error;
	return copy;
}

bool
descriptor_is_fifo(const struct world *w, const struct thread *t, int fd)
{
	int copy = copy_descriptor(w, t, fd);
	struct stat st;
	bool is_fifo;

	if (copy < 0)
		return false;
	is_fifo = fstat(copy, &st) == 0 && S_ISFIFO(st.st_mode);
	close(copy);
	return is_fifo;
}

int
descriptor_lacks(const struct world *w, const struct thread *t, int fd, bool data)
{
	struct pollfd one = { copy_descriptor(w, t, fd), data ? POLLIN : POLLOUT, 0 };
	int ready, error;

	if (one.fd < 0)
		return -1;
	ready = poll(&one, 1, 0);
	error = errno;
	close(one.fd);
	errno = error;
	return ready < 0 ? -1 : !(one.revents & one.events);
}

int
descriptor_fill(
	const struct world *w, const struct thread *t, int fd, int *bytes, int *capacity)
{
	int copy = copy_descriptor(w, t, fd), rc = -1, error;

	if (copy < 0)
		return -1;
	*capacity = fcntl(copy, F_GETPIPE_SZ);
	if (*capacity >= 0)
		rc = ioctl(copy, FIONREAD, bytes);
	error = errno;
	close(copy);
	errno = error;
	return rc;
}
