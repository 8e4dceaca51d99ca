/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/mounts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/array.h"
#include "lib/calls.h"
#include "lib/file.h"
#include "lib/num.h"
#include "lib/xalloc.h"

#ifdef STATX_MNT_ID
#define MOUNTED_MASK (STATX_TYPE | STATX_INO | STATX_MNT_ID)
#else
#define MOUNTED_MASK (STATX_TYPE | STATX_INO)
#endif

struct mount_ids {
	struct mount {
		uint64_t id, device;
		bool served;
		bool has_queues; /* it has, or may have, POSIX queues */
	} * list; /* sorted by id */
	size_t count;
	struct buf text;
};

struct mount_ids *
mount_ids_new(void)
{
	return xcalloc(1, sizeof(struct mount_ids));
}

void
mount_ids_free(struct mount_ids *m)
{
	free(m->list);
	buf_free(&m->text);
	free(m);
}

static int
compare_id(const void *key, const void *element)
{
	const struct mount *a = key, *b = element;

	return (a->id > b->id) - (a->id < b->id);
}

static struct mount *
find_mount(const struct mount_ids *m, uint64_t id)
{
	const struct mount key = { .id = id };

	return m->count == 0 ? NULL
			     : bsearch(&key, m->list, m->count, sizeof key, compare_id);
}

/* Adds a mount in its place. */
static void
add_mount_id(struct mount_ids *m, struct mount mount)
{
	size_t at = array_first(&mount, m->list, m->count, sizeof mount, compare_id);

	m->list = xgrow(m->list, m->count, sizeof mount);
	memmove(&m->list[at + 1], &m->list[at], (m->count - at) * sizeof mount);
	m->list[at] = mount;
	m->count++;
}

static bool
is_served_type(const char *type)
{
	static const char *const types[] = { "nfs", "fuse", "cifs", "smb", "ceph", "9p",
		"afs", "autofs", "coda", "orangefs", "ecryptfs", "glusterfs", "lustre",
		"virtiofs" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strncmp(type, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

/* Parses a line, "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS ... - TYPE SOURCE ...". */
static void
take_mount(struct mount_ids *m, const char *line)
{
	uint64_t id, parent, major, minor;
	const char *p = line, *type = strstr(line, " - ");
	bool is_known = type != NULL;

	if (num_scan(&p, 10, UINT32_MAX, &id) < 0 || *p++ != ' ' ||
		num_scan(&p, 10, UINT32_MAX, &parent) < 0 || *p++ != ' ' ||
		num_scan(&p, 10, UINT32_MAX, &major) < 0 || *p++ != ':' ||
		num_scan(&p, 10, UINT32_MAX, &minor) < 0 || find_mount(m, id) != NULL)
		return;
	type = is_known ? type + strlen(" - ") : "";
	add_mount_id(m,
		(struct mount){ id, makedev(major, minor),
			!is_known || is_served_type(type),
			strncmp(type, "mqueue ", strlen("mqueue ")) == 0 });
}

static void
read_mount_table(struct mount_ids *m, pid_t pid)
{
	char path[64], *line, *rest;

	m->text.len = 0;
	snprintf(path, sizeof path, "/proc/%d/mountinfo", (int)pid);
	if (file_read_all(path, &m->text) < 0)
		return;
	buf_text(&m->text);
	rest = m->text.data;
	while ((line = strsep(&rest, "\n")) != NULL)
		take_mount(m, line);
}

uint64_t
mount_ids_device(struct mount_ids *m, uint64_t id, pid_t pid)
{
	enum { NO_DEVICE = 63 }; /* a bit that no dev_t has */
	const struct mount *found = find_mount(m, id);

	if (found == NULL) {
		read_mount_table(m, pid);
		found = find_mount(m, id);
	}
	if (found != NULL)
		return found->device;
	add_mount_id(m, (struct mount){ id, (uint64_t)1 << NO_DEVICE | id, true, true });
	return (uint64_t)1 << NO_DEVICE | id;
}

bool
mount_ids_is_served(const struct mount_ids *m, uint64_t device)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->list[i].device == device)
			return m->list[i].served;
	return true;
}

bool
mount_ids_has_queues(const struct mount_ids *m, uint64_t device)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->list[i].device == device)
			return m->list[i].has_queues;
	return false;
}

int
mounts_find_file(pid_t pid, const char *path, int flags, struct mounted_file *file)
{
	struct statx st;

	if (statx(AT_FDCWD, path, flags, MOUNTED_MASK, &st) < 0)
		return -1;
	*file = (struct mounted_file){ makedev(st.stx_dev_major, st.stx_dev_minor),
		st.stx_ino, S_ISFIFO(st.stx_mode) };
#ifdef STATX_MNT_ID
	if (st.stx_mask & STATX_MNT_ID) {
		struct mount_ids *m = mount_ids_new();

		file->device = mount_ids_device(m, st.stx_mnt_id, pid);
		mount_ids_free(m);
	}
#endif
	return 0;
}

/* The length of a mount point that is a directory of the path or the path itself; 0 if it
 * is none.  Its escapes, as \\040 for a blank, match nothing. */
static size_t
match_point(const char *point, size_t len, const char *path)
{
	if (len == 1)
		return 1;
	return strncmp(point, path, len) == 0 && (path[len] == '/' || path[len] == '\0')
		? len
		: 0;
}

bool
mounts_serve_path(pid_t pid, const char *path)
{
	enum { FIELD_POINT = 4 };
	struct buf text = { 0 };
	size_t longest = 0;
	char name[64], *line, *rest;
	bool served = true;

	snprintf(name, sizeof name, "/proc/%d/mountinfo", (int)pid);
	if (file_read_all(name, &text) == 0 && buf_text(&text) != NULL)
		for (rest = text.data; (line = strsep(&rest, "\n")) != NULL;) {
			const char *point = line, *type = strstr(line, " - ");
			size_t len;

			for (int i = 0; i < FIELD_POINT && point != NULL; i++)
				if ((point = strchr(point, ' ')) != NULL)
					point++;
			if (point == NULL || type == NULL)
				continue;
			len = match_point(point, strcspn(point, " "), path);
			/* A later mount covers an earlier one. */
			if (len >= longest && len > 0) {
				longest = len;
				served = is_served_type(type + strlen(" - "));
			}
		}
	buf_free(&text);
	return served;
}
