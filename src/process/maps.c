/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/num.h"
#include "lib/xalloc.h"

enum { ROOM = 65536 };

void
maps_start(struct maps_sink *sink)
{
	*sink = (struct maps_sink){ 0 };
	sink->devices = xcalloc(kinds_count, sizeof *sink->devices);
}

void
maps_end(struct maps_sink *sink)
{
	free(sink->devices);
	buf_free(&sink->room);
}

/* Whether a file is an object of a kind, and which.  1, 0, or -1 with errno if that
 * cannot be determined. */
static int
match_file(size_t place, const char *name, dev_t device, uint64_t inode,
	struct devices *d, struct use *use)
{
	if (!kinds[place]->match_mapping(name, inode, &use->id))
		return 0;
	if (!d->found)
		kinds[place]->find_devices(d);
	for (size_t i = 0; i < d->count; i++) {
		if (d->list[i].device != device)
			continue;
		use->page_size = d->list[i].page_size;
		return 1;
	}
	errno = d->unknown;
	return d->unknown != 0 ? -1 : 0;
}

/* Parses one line, "from-to perms offset dev inode name".  1 if it is a segment, 0 if
 * not, or -1 with errno if that cannot be determined. */
static int
parse_mapping(size_t place, const char *line, const char *name, struct devices *devices,
	struct use *use)
{
	uint64_t from, major, minor, inode;
	const char *p = line;

	if (num_scan(&p, 16, UINT64_MAX, &from) < 0 || (p = strchr(p, ' ')) == NULL)
		return 0;
	*use = (struct use){
		.kind = kinds[place],
		.what = p[2] == 'w' ? USE_ATTACHED : USE_ATTACHED_RO,
		.detail = from,
		.count = 1,
	};
	p = strchr(p + 1, ' ');
	if (p == NULL || (p = strchr(p + 1, ' ')) == NULL)
		return 0;
	p++;
	if (num_scan(&p, 16, UINT32_MAX, &major) < 0 || *p++ != ':' ||
		num_scan(&p, 16, UINT32_MAX, &minor) < 0 || *p++ != ' ' ||
		num_scan(&p, 10, UINT64_MAX, &inode) < 0)
		return 0;
	/* The path of any file may end with such a name. */
	if (p + strspn(p, " ") != name)
		return 0;
	return match_file(place, name, makedev(major, minor), inode, devices, use);
}

/* Adds the segments in complete lines of maps. */
static void
add_segments(size_t place, char *text, size_t len, pid_t pid, struct maps_sink *sink)
{
	const char *mapping = kinds[place]->mapping;
	size_t prefix = strlen(mapping);
	char *end = text + len;
	char *name;

	while ((name = memmem(text, end - text, mapping, prefix)) != NULL) {
		char *line = memrchr(text, '\n', name - text);
		char *newline = memchr(name, '\n', end - name);
		struct use use;
		int rc;

		if (newline == NULL)
			return;
		*newline = '\0';
		rc = parse_mapping(place, line == NULL ? text : line + 1, name,
			&sink->devices[place], &use);
		if (rc > 0) {
			use.pid = pid;
			sink->found(&use, sink->data);
		} else if (rc < 0) {
			sink->unknown = errno;
		}
		*newline = '\n';
		text = newline + 1;
	}
}

/* Reads the file of an open descriptor.  Returns as maps_read() does. */
static ssize_t
read_lines(int fd, pid_t pid, struct maps_sink *sink)
{
	size_t have = 0;
	ssize_t total = 0;
	ssize_t n;
	char *text;

	if (sink->room.cap < ROOM)
		buf_grow(&sink->room, ROOM);
	text = sink->room.data;
	while ((n = read(fd, text + have, ROOM - have)) > 0) {
		char *last = memrchr(text, '\n', have += n);
		size_t whole = last == NULL ? 0 : last + 1 - text;

		total += n;
		for (size_t k = 0; k < kinds_count; k++)
			if (kinds[k]->mapping != NULL)
				add_segments(k, text, whole, pid, sink);
		memmove(text, text + whole, have -= whole);
		if (have == ROOM) /* no line is that long */
			have = 0;
	}
	return n < 0 ? -1 : total;
}

/* --- Asking for one mapping after the other ------------------------------------- */

/* The argument of the ioctl(2) PROCMAP_QUERY of Linux 6.11, which <linux/fs.h> of older
 * systems lacks. */
struct query {
	uint64_t size, flags, address;
	uint64_t start, end, permissions, page_size, offset, inode;
	uint32_t major, minor;
	uint32_t name_size, build_id_size;
	uint64_t name, build_id;
};

#define PROCMAP_QUERY _IOWR('f', 17, struct query)

enum {
	QUERY_WRITABLE = 0x02,
	QUERY_SHARED = 0x08,
	QUERY_OR_NEXT = 0x10, /* the mapping at the address, or the first one above it */
	QUERY_FILE = 0x20, /* only mappings of files */
};

/* Adds the mapping that the kernel has described, if it is a segment. */
static void
add_mapping(const struct query *q, const char *name, pid_t pid, struct maps_sink *sink)
{
	for (size_t k = 0; k < kinds_count; k++) {
		const char *prefix = kinds[k]->mapping;
		struct use use = {
			.kind = kinds[k],
			.pid = pid,
			.what = q->permissions & QUERY_WRITABLE ? USE_ATTACHED
								: USE_ATTACHED_RO,
			.detail = q->start,
			.count = 1,
		};
		int rc;

		if (prefix == NULL || strncmp(name, prefix, strlen(prefix)) != 0)
			continue;
		rc = match_file(k, name, makedev(q->major, q->minor), q->inode,
			&sink->devices[k], &use);
		if (rc > 0)
			sink->found(&use, sink->data);
		else if (rc < 0)
			sink->unknown = errno;
	}
}

/* Asks for the mapping at an address or after it.  0, or -1 with errno, ENOENT if there
 * is none. */
static int
query_mapping(int fd, uint64_t address, struct query *q, char name[PATH_MAX])
{
	*q = (struct query){
		.size = sizeof *q,
		.flags = QUERY_SHARED | QUERY_FILE | QUERY_OR_NEXT,
		.address = address,
		.name = (uintptr_t)name,
		.name_size = PATH_MAX,
	};
	*name = '\0';
	if (ioctl(fd, PROCMAP_QUERY, q) == 0)
		return 0;
	if (errno != ENAMETOOLONG)
		return -1;
	/* It is not a segment, but it has an end. */
	q->name = q->name_size = 0;
	return ioctl(fd, PROCMAP_QUERY, q);
}

/* Asks for all shared mappings of files.  Returns as maps_read() does; -2 if the kernel
 * answers no such question. */
static ssize_t
query_mappings(int fd, pid_t pid, struct maps_sink *sink)
{
	char name[PATH_MAX];
	struct query q = { 0 };
	int answers = 0;

	while (query_mapping(fd, q.end, &q, name) == 0) {
		add_mapping(&q, name, pid, sink);
		answers++;
	}
	if (errno == ENOENT)
		return 1;
	if (errno == ESRCH)
		return 0;
	return answers == 0 ? -2 : -1;
}

ssize_t
maps_read(const char *path, pid_t pid, struct maps_sink *sink)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -2;
	int error;

	if (fd < 0)
		return -1;
	if (!sink->reads_lines)
		n = query_mappings(fd, pid, sink);
	if (n == -2) {
		sink->reads_lines = true;
		n = read_lines(fd, pid, sink);
	}
	error = errno;
	close(fd);
	errno = error;
	return n;
}
