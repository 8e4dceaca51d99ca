/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/mounts.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "kind/ipcns.h"
#include "lib/file.h"
#include "lib/num.h"

static void
read_mounts(struct mounts *m)
{
	const struct ipcns *ns = ipcns_now();
	char path[64];

	if (m->read)
		return;
	m->read = true;
	if (file_read_all("/proc/self/mountinfo", &m->text) < 0)
		m->error = errno;
	if (ns == NULL || ns->shm == NULL || ns->shm->process < 0)
		return;
	snprintf(path, sizeof path, "/proc/self/fd/%d/mountinfo", ns->shm->process);
	if (file_read_all(path, &m->text) < 0)
		m->error = errno;
}

static const char *
skip_words(const char *p, unsigned count)
{
	for (; count > 0 && p != NULL; count--) {
		p = strchr(p, ' ');
		if (p != NULL)
			p++;
	}
	return p;
}

int
mounts_next(const char **at, struct mount_line *line)
{
	static const char separator[] = " - ";
	const char *p = *at, *end = strchr(p, '\n');
	uint64_t id, major, minor;

	*line = (struct mount_line){ 0 };
	if (end == NULL)
		return 0;
	*at = end + 1;
	if (num_scan(&p, 10, UINT64_MAX, &id) < 0)
		return 1;
	p = skip_words(p, 2);
	if (p == NULL || p > end || num_scan(&p, 10, UINT32_MAX, &major) < 0 ||
		*p++ != ':' || num_scan(&p, 10, UINT32_MAX, &minor) < 0 || *p++ != ' ')
		return 1;
	line->id = id;
	line->device = makedev(major, minor);
	line->root = p;
	line->root_len = strcspn(p, " \n");
	p += line->root_len;
	line->point = p + (*p == ' ');
	line->point_len = strcspn(line->point, " \n");
	p = strstr(p, separator);
	if (p == NULL || p > end)
		return 1;
	line->type = p + strlen(separator);
	line->type_len = strcspn(line->type, " \n");
	return 1;
}

/* The next character of a path that ends at end; *p is moved after it.  Blanks and the
 * like are escaped in a line, as \040. */
static char
next_character(const char **p, const char *end)
{
	const char *at = *p;

	if (*at != '\\' || end - at < 4) {
		(*p)++;
		return *at;
	}
	*p += 4;
	return (char)((at[1] & 7) << 6 | (at[2] & 7) << 3 | (at[3] & 7));
}

void
mounts_put_path(const char *path, size_t len, struct buf *b)
{
	const char *end = path + len;

	while (path < end)
		buf_char(b, next_character(&path, end));
}

/* Whether a text with escapes is this name. */
static bool
is_escaped(const char *p, const char *end, const char *name)
{
	for (; p < end; name++)
		if (*name == '\0' || next_character(&p, end) != *name)
			return false;
	return *name == '\0';
}

/* Whether a root ends in "/name".  The directory before it is that of the file in its
 * file system, which need not be the whole of it. */
static bool
ends_in(const struct mount_line *line, const char *name)
{
	const char *p = line->root == NULL ? NULL
					   : memrchr(line->root, '/', line->root_len);

	return p != NULL && is_escaped(p + 1, line->root + line->root_len, name);
}

int
mounts_have_file(struct mounts *m, dev_t device, const char *name)
{
	struct mount_line line;
	const char *at;

	read_mounts(m);
	errno = m->error;
	if (m->error != 0)
		return -1;
	for (at = buf_text(&m->text); mounts_next(&at, &line) > 0;)
		if (line.device == device && ends_in(&line, name))
			return 1;
	return 0;
}

int
mounts_show_root(struct mounts *m, dev_t device, const char *path)
{
	struct mount_line line;
	const char *at;

	read_mounts(m);
	errno = m->error;
	if (m->error != 0)
		return -1;
	for (at = buf_text(&m->text); mounts_next(&at, &line) > 0;)
		if (line.device == device && line.root_len == 1 &&
			is_escaped(line.point, line.point + line.point_len, path))
			return 1;
	return 0;
}

void
mounts_put_type(struct mounts *m, dev_t device, struct buf *b)
{
	struct mount_line line;
	const char *at;

	read_mounts(m);
	for (at = buf_text(&m->text); mounts_next(&at, &line) > 0;)
		if (line.device == device && line.type != NULL) {
			buf_add(b, line.type, line.type_len);
			return;
		}
	buf_str(b, "unknown");
}

void
mounts_free(struct mounts *m)
{
	buf_free(&m->text);
}
