/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/mounts.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "lib/file.h"
#include "lib/num.h"

/* A line, "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE SOURCE ...". */
struct mount_line {
	dev_t device;
	const char *root;
	size_t root_len;
	const char *point;
	size_t point_len;
	const char *type;
	size_t type_len;
};

static void
read_mounts(struct mounts *m)
{
	if (m->read)
		return;
	m->read = true;
	if (file_read_all("/proc/self/mountinfo", &m->text) < 0)
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

/* Parses the line at *at, and moves *at to the next one.  Returns 1, or 0 at the end. */
static int
next_mount(const char **at, struct mount_line *line)
{
	static const char separator[] = " - ";
	const char *p = *at, *end = strchr(p, '\n');
	uint64_t major, minor;

	*line = (struct mount_line){ 0 };
	if (end == NULL)
		return 0;
	*at = end + 1;
	p = skip_words(p, 2);
	if (p == NULL || p > end || num_scan(&p, 10, UINT32_MAX, &major) < 0 ||
		*p++ != ':' || num_scan(&p, 10, UINT32_MAX, &minor) < 0 || *p++ != ' ')
		return 1;
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

/* Whether a text with escapes, as \040 for a blank, is this name. */
static bool
is_escaped(const char *p, const char *end, const char *name)
{
	for (; p < end; name++) {
		unsigned char c = *p++;

		if (c == '\\' && end - p >= 3) {
			c = (p[0] & 7) << 6 | (p[1] & 7) << 3 | (p[2] & 7);
			p += 3;
		}
		if (*name == '\0' || c != (unsigned char)*name)
			return false;
	}
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
	for (at = buf_text(&m->text); next_mount(&at, &line) > 0;)
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
	for (at = buf_text(&m->text); next_mount(&at, &line) > 0;)
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
	for (at = buf_text(&m->text); next_mount(&at, &line) > 0;)
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
