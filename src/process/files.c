/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/num.h"
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
	/* A server of a network file system is not asked.  A descriptor that has been
	 * closed meanwhile uses nothing. */
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
read_descriptors(pid_t pid, pid_t tid, struct files_sink *sink, bool *is_empty)
{
	char path[PROC_PATH];
	const struct dirent *entry;
	DIR *dir;
	int unknown = 0, error;

	*is_empty = true;
	proc_path(path, pid, tid, "fd");
	dir = opendir(path);
	if (dir == NULL)
		return -1;
	/* All others are looked at all the same. */
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		if (*entry->d_name == '.')
			continue;
		*is_empty = false;
		if (look_at_descriptor(pid, tid, entry->d_name, sink) < 0)
			unknown = errno;
	}
	error = errno != 0 ? errno : unknown;
	closedir(dir);
	errno = error;
	return error == 0 ? 0 : -1;
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

/* --- Threads ----------------------------------------------------------------------- */

/* Reads what a thread uses.  0, or -1 with errno. */
typedef int thread_reader(pid_t pid, pid_t tid, struct files_sink *sink, bool *is_empty);

/* Threads share their maps, and nearly all share their descriptors: those of the first
 * thread that has any are enough. */
static int
read_of_threads(pid_t pid, struct files_sink *sink, thread_reader *reader)
{
	char path[PATH_ROOM];
	const struct dirent *entry;
	bool is_empty = true;
	int error = 0;
	DIR *dir;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	dir = opendir(path);
	if (dir == NULL)
		return -1;
	while (error == 0 && is_empty) {
		const char *p;
		uint64_t tid;

		errno = 0;
		entry = readdir(dir);
		if (entry == NULL) {
			error = errno;
			break;
		}
		p = entry->d_name;
		if (num_scan(&p, 10, INT32_MAX, &tid) == 0 &&
			reader(pid, tid, sink, &is_empty) < 0 && !proc_has_left(errno))
			error = errno;
	}
	closedir(dir);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* A main thread that has ended has nothing any more. */
static int
read_of_process(pid_t pid, struct files_sink *sink, thread_reader *reader)
{
	bool is_empty;

	if (reader(pid, pid, sink, &is_empty) < 0)
		return -1;
	return is_empty ? read_of_threads(pid, sink, reader) : 0;
}

int
files_read(pid_t pid, struct files_sink *sink)
{
	/* What can be read of the one tells something even if the other is unknown. */
	int error = read_of_process(pid, sink, read_descriptors) < 0 ? errno : 0;

	if (read_of_process(pid, sink, read_mappings) < 0 && error == 0)
		error = errno;
	if (error == 0 || proc_has_left(error) || proc_is_alive(pid) == 0)
		return 0;
	errno = error;
	return -1;
}
