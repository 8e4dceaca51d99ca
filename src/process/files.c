/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/calls.h"
#include "lib/file.h"
#include "lib/num.h"
#include "process/entries.h"
#include "process/proc.h"

enum { READ_ROOM = 65536, PATH_ROOM = 64, NAME_ROOM = 16 + NAME_MAX };

bool
files_are_on(const struct files_sink *sink, dev_t device)
{
	for (size_t i = 0; i < sink->count; i++)
		if (sink->devices[i] == device)
			return true;
	return false;
}

/* --- Descriptors ------------------------------------------------------------------- */

/* How a descriptor is open, from /proc/PID/fdinfo/FD.  0, or -1 if it is open for neither
 * reading nor writing. */
static int
find_access(pid_t pid, pid_t tid, const char *fd, enum use_what *what)
{
	static const char label[] = "flags:\t";
	char path[PROC_PATH], name[NAME_ROOM], text[256];
	uint64_t flags = O_RDWR; /* if they cannot be read */
	const char *p;

	snprintf(name, sizeof name, "fdinfo/%s", fd);
	proc_path(path, pid, tid, name);
	if (file_read(path, text, sizeof text) >= 0 &&
		(p = strstr(text, label)) != NULL) {
		p += strlen(label);
		num_scan(&p, 8, UINT32_MAX, &flags);
	}
	if (flags & O_PATH)
		return -1;
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		*what = USE_OPEN_R;
		return 0;
	case O_WRONLY:
		*what = USE_OPEN_W;
		return 0;
	case O_RDWR:
		*what = USE_OPEN_RW;
		return 0;
	default: /* for ioctl(2) only */
		return -1;
	}
}

/* 0, or -1 with errno if the file is unknown. */
static int
look_at_descriptor(pid_t pid, pid_t tid, const char *fd, struct files_sink *sink)
{
	enum use_what what;
	char path[PROC_PATH], name[NAME_ROOM];
	struct statx st;
	dev_t device;

	snprintf(name, sizeof name, "fd/%s", fd);
	proc_path(path, pid, tid, name);
	/* A server of a network file system is not asked.  Only the device is wanted of
	 * most files: a FUSE file system of a user tells root no more.  A descriptor that
	 * has been closed meanwhile uses nothing. */
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, 0, &st) < 0)
		return errno == ENOENT ? 0 : -1;
	device = makedev(st.stx_dev_major, st.stx_dev_minor);
	if (!files_are_on(sink, device))
		return 0;
	if (statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, STATX_INO, &st) < 0)
		return errno == ENOENT ? 0 : -1;
	device = makedev(st.stx_dev_major, st.stx_dev_minor);
	if (files_are_on(sink, device) && find_access(pid, tid, fd, &what) == 0)
		sink->found(
			&(struct file_use){
				.use = { NULL, device, st.stx_ino, pid, what,
					.count = 1 },
				.path = path,
			},
			sink->data);
	return 0;
}

static int
read_descriptors(pid_t pid, pid_t tid, struct files_sink *sink)
{
	char path[PROC_PATH];
	const struct dirent *entry;
	DIR *dir;
	int unknown = 0, error;

	proc_path(path, pid, tid, "fd");
	dir = opendir(path);
	if (dir == NULL)
		return -1;
	/* All others are looked at all the same. */
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		if (*entry->d_name == '.')
			continue;
		if (look_at_descriptor(pid, tid, entry->d_name, sink) < 0)
			unknown = errno;
	}
	error = errno != 0 ? errno : unknown;
	closedir(dir);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Whether a thread is known to share its descriptors with another one.  In some
 * containers the kernel does not tell. */
static bool
shares_descriptors(pid_t tid, pid_t other)
{
	return syscall(SYS_kcmp, tid, other, KCMP_FILES, 0L, 0L) == 0;
}

/* Reads the descriptors of the threads that are new in the list.  Those that the other
 * threads have are read already: of the main thread, and of the last one in *last.
 * Returns whether a thread has left; stores errno in *error if one is unknown. */
static bool
read_new_threads(pid_t pid, const struct entries *seen, const struct entries *now,
	pid_t *last, struct files_sink *sink, int *error)
{
	bool left = false;

	for (size_t i = 0; i < now->count; i++) {
		pid_t tid = now->list[i].pid;

		if (tid == pid || entries_have(seen, &now->list[i]) ||
			shares_descriptors(tid, pid) || shares_descriptors(tid, *last))
			continue;
		*last = tid;
		if (read_descriptors(pid, tid, sink) == 0)
			continue;
		if (proc_has_left(errno))
			left = true;
		else
			*error = errno;
	}
	return left;
}

/* Nearly all threads share their descriptors, but unshare(2) gives a thread its own.  One
 * that ends meanwhile may have left its work to one that is not in the list. */
static int
read_descriptors_of_threads(pid_t pid, struct files_sink *sink)
{
	struct entries seen = { 0 }, now;
	char path[PATH_ROOM];
	pid_t last = pid;
	bool left = true;
	int error = 0;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	for (int pass = 0; left && error == 0; pass++) {
		if (entries_read(path, &now) < 0) {
			error = errno;
			break;
		}
		left = pass == 0;
		for (size_t i = 0; i < seen.count && !left; i++)
			left = !entries_have(&now, &seen.list[i]);
		left |= read_new_threads(pid, &seen, &now, &last, sink, &error);
		free(seen.list);
		seen = now;
		if (pass == ENTRIES_PASSES && left)
			error = EAGAIN;
	}
	free(seen.list);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Whether a process has more than its main thread, which may have ended: each is a
 * directory in this one, besides the two that each directory has.  Unknown is yes. */
static bool
has_threads(pid_t pid)
{
	char path[PATH_ROOM];
	struct stat st;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	return stat(path, &st) < 0 || st.st_nlink != 3;
}

static int
read_all_descriptors(pid_t pid, struct files_sink *sink)
{
	if (read_descriptors(pid, pid, sink) < 0)
		return -1;
	return has_threads(pid) ? read_descriptors_of_threads(pid, sink) : 0;
}

/* --- Mappings ---------------------------------------------------------------------- */

/* Parses a line, "from-to perms offset major:minor inode path". */
static void
parse_line(pid_t pid, const char *line, struct files_sink *sink)
{
	struct file_use f = { .use = { .pid = pid, .count = 1 } };
	uint64_t offset, major, minor;
	char path[PATH_ROOM];
	const char *p = line;
	const char *perms;

	if (num_scan(&p, 16, UINT64_MAX, &f.from) < 0 || *p++ != '-' ||
		num_scan(&p, 16, UINT64_MAX, &f.to) < 0 || *p++ != ' ')
		return;
	perms = p;
	p = strchr(p, ' ');
	if (p == NULL || p - perms < 4 ||
		(p++, num_scan(&p, 16, UINT64_MAX, &offset)) < 0 || *p++ != ' ' ||
		num_scan(&p, 16, UINT32_MAX, &major) < 0 || *p++ != ':' ||
		num_scan(&p, 16, UINT32_MAX, &minor) < 0 || *p++ != ' ' ||
		num_scan(&p, 10, UINT64_MAX, &f.use.id) < 0 ||
		!files_are_on(sink, makedev(major, minor)))
		return;
	snprintf(path, sizeof path, "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, (int)pid,
		f.from, f.to);
	f.use.device = makedev(major, minor);
	f.use.what = perms[1] == 'w' ? USE_MAPPED_RW : USE_MAPPED_R;
	f.path = path;
	f.name = p + strspn(p, " ");
	sink->found(&f, sink->data);
}

/* Parses the complete lines that have the number of a device. */
static void
parse_lines(pid_t pid, char *text, size_t len, struct files_sink *sink)
{
	for (size_t i = 0; i < sink->count; i++) {
		char number[32];
		char *at = text, *hit;
		size_t n = snprintf(number, sizeof number, " %02x:%02x ",
			major(sink->devices[i]), minor(sink->devices[i]));

		while ((hit = memmem(at, text + len - at, number, n)) != NULL) {
			char *start = memrchr(text, '\n', hit - text);
			char *end = memchr(hit, '\n', text + len - hit);

			*end = '\0';
			parse_line(pid, start == NULL ? text : start + 1, sink);
			*end = '\n';
			at = end;
		}
	}
}

/* A process whose main thread has ended has no maps here, and one that has become a
 * zombie uses nothing. */
static int
read_mappings(pid_t pid, pid_t tid, struct files_sink *sink, bool *is_empty)
{
	size_t have = 0;
	char path[PROC_PATH];
	ssize_t n;
	int error, fd;

	*is_empty = true;
	proc_path(path, pid, tid, "maps");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (sink->room.cap < READ_ROOM)
		buf_grow(&sink->room, READ_ROOM);
	while ((n = read(fd, sink->room.data + have, READ_ROOM - have)) > 0) {
		char *text = sink->room.data;
		char *last = memrchr(text, '\n', have += n);
		size_t whole = last == NULL ? 0 : last + 1 - text;

		*is_empty = false;
		parse_lines(pid, text, whole, sink);
		memmove(text, text + whole, have -= whole);
		if (have == READ_ROOM) /* no line is that long */
			have = 0;
	}
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? -1 : 0;
}

/* All threads share their mappings.  A main thread that has ended has none any more: then
 * those of the first one that has any are read. */
static int
read_all_mappings(pid_t pid, struct files_sink *sink)
{
	struct entries threads;
	char path[PATH_ROOM];
	bool is_empty;
	int error = 0;

	if (read_mappings(pid, pid, sink, &is_empty) < 0)
		return -1;
	if (!is_empty)
		return 0;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	if (entries_read(path, &threads) < 0)
		return -1;
	for (size_t i = 0; i < threads.count && is_empty && error == 0; i++)
		if (read_mappings(pid, threads.list[i].pid, sink, &is_empty) < 0 &&
			!proc_has_left(errno))
			error = errno;
	free(threads.list);
	errno = error;
	return error == 0 ? 0 : -1;
}

int
files_read(pid_t pid, struct files_sink *sink)
{
	/* What can be read of the one tells something even if the other is unknown. */
	int error = read_all_descriptors(pid, sink) < 0 ? errno : 0;

	if (read_all_mappings(pid, sink) < 0 && error == 0)
		error = errno;
	if (error == 0 || proc_has_left(error) || proc_is_alive(pid) == 0)
		return 0;
	errno = error;
	return -1;
}
