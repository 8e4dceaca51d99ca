/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps.h"

#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "num.h"

/* Reads one line of maps that may be a segment: "from-to perms offset dev inode name". */
static bool
parse_mapping(
	const struct kind *kind, const char *line, const char *name, struct use *use)
{
	uint64_t from, major, minor, inode;
	const char *p = line;

	if (num_scan(&p, 16, UINT64_MAX, &from) < 0 || (p = strchr(p, ' ')) == NULL)
		return false;
	*use = (struct use){
		.kind = kind,
		.what = p[2] == 'w' ? USE_ATTACHED : USE_ATTACHED_RO,
		.detail = from,
		.count = 1,
	};
	p = strchr(p + 1, ' ');
	if (p == NULL || (p = strchr(p + 1, ' ')) == NULL)
		return false;
	p++;
	if (num_scan(&p, 16, UINT32_MAX, &major) < 0 || *p++ != ':' ||
		num_scan(&p, 16, UINT32_MAX, &minor) < 0 || *p++ != ' ' ||
		num_scan(&p, 10, UINT64_MAX, &inode) < 0)
		return false;
	/* Any file may have such a name at the end of its path. */
	if (p + strspn(p, " ") != name)
		return false;
	return kind->match_mapping(name, makedev(major, minor), inode, &use->id);
}

/* Adds the segments among whole lines of maps. */
static void
scan(const struct kind *kind, char *text, size_t len, pid_t pid,
	void (*found)(const struct use *use, void *data), void *data)
{
	size_t prefix = strlen(kind->mapping);
	char *end = text + len;
	char *name;

	while ((name = memmem(text, end - text, kind->mapping, prefix)) != NULL) {
		char *line = memrchr(text, '\n', name - text);
		char *newline = memchr(name, '\n', end - name);
		struct use use;

		if (newline == NULL)
			return;
		*newline = '\0';
		if (parse_mapping(kind, line == NULL ? text : line + 1, name, &use)) {
			use.pid = pid;
			found(&use, data);
		}
		*newline = '\n';
		text = newline + 1;
	}
}

ssize_t
maps_read(const char *path, pid_t pid, void (*found)(const struct use *use, void *data),
	void *data)
{
	char text[65536];
	size_t have = 0;
	ssize_t total = 0;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	while ((n = read(fd, text + have, sizeof text - have)) > 0) {
		char *last = memrchr(text, '\n', have += n);
		size_t whole = last == NULL ? 0 : last + 1 - text;

		total += n;
		for (size_t k = 0; k < kinds_count; k++)
			if (kinds[k]->mapping != NULL)
				scan(kinds[k], text, whole, pid, found, data);
		memmove(text, text + whole, have -= whole);
		if (have == sizeof text) /* no line is that long */
			have = 0;
	}
	close(fd);
	return n < 0 ? -1 : total;
}
