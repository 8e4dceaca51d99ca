/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/num.h"

enum { ROOM = 65536 };

/* Parses one line, "from-to perms offset dev inode name".  1 if it is a segment, 0 if
 * not, or -1 with errno if that cannot be determined. */
static int
parse_mapping(
	const struct kind *kind, const char *line, const char *name, struct use *use)
{
	uint64_t from, major, minor, inode;
	const char *p = line;

	if (num_scan(&p, 16, UINT64_MAX, &from) < 0 || (p = strchr(p, ' ')) == NULL)
		return 0;
	*use = (struct use){
		.kind = kind,
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
	return kind->match_mapping(
		name, makedev(major, minor), inode, &use->id, &use->page_size);
}

/* Adds the segments in complete lines of maps. */
static void
add_segments(const struct kind *kind, char *text, size_t len, pid_t pid,
	struct maps_sink *sink)
{
	size_t prefix = strlen(kind->mapping);
	char *end = text + len;
	char *name;

	while ((name = memmem(text, end - text, kind->mapping, prefix)) != NULL) {
		char *line = memrchr(text, '\n', name - text);
		char *newline = memchr(name, '\n', end - name);
		struct use use;
		int rc;

		if (newline == NULL)
			return;
		*newline = '\0';
		rc = parse_mapping(kind, line == NULL ? text : line + 1, name, &use);
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

ssize_t
maps_read(const char *path, pid_t pid, struct maps_sink *sink)
{
	size_t have = 0;
	ssize_t total = 0;
	ssize_t n;
	char *text;
	int error;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (sink->room.cap < ROOM)
		buf_grow(&sink->room, ROOM);
	text = sink->room.data;
	while ((n = read(fd, text + have, ROOM - have)) > 0) {
		char *last = memrchr(text, '\n', have += n);
		size_t whole = last == NULL ? 0 : last + 1 - text;

		total += n;
		for (size_t k = 0; k < kinds_count; k++)
			if (kinds[k]->mapping != NULL)
				add_segments(kinds[k], text, whole, pid, sink);
		memmove(text, text + whole, have -= whole);
		if (have == ROOM) /* no line is that long */
			have = 0;
	}
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? -1 : total;
}
