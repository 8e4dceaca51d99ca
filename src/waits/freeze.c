/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/freeze.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/file.h"
#include "lib/xalloc.h"
#include "waits/read.h"

/* A cgroup, looked at once. */
struct group {
	char *path; /* as in proc_pid_cgroup(5) */
	bool is_v1;
	char *thaw; /* of a frozen one: how to continue it; else NULL */
};

struct freezer {
	char *unified, *legacy; /* where the hierarchies are mounted, or NULL */
	struct group *list;
	size_t count;
};

/* The mount point of the hierarchy of version 2, or of version 1 with the freezer.  The
 * caller owns it. */
static char *
find_hierarchy(bool is_v1)
{
	struct buf text = { 0 };
	char *line, *rest, *found = NULL;

	if (file_read_all("/proc/self/mountinfo", &text) == 0 && buf_text(&text) != NULL)
		for (rest = text.data;
			found == NULL && (line = strsep(&rest, "\n")) != NULL;) {
			char *type = strstr(line, is_v1 ? " - cgroup " : " - cgroup2 ");
			char *point = line;

			if (type == NULL || (is_v1 && strstr(type, "freezer") == NULL))
				continue;
			for (int i = 0; i < 4 && point != NULL; i++)
				if ((point = strchr(point, ' ')) != NULL)
					point++;
			if (point != NULL)
				found = strndup(point, strcspn(point, " "));
		}
	buf_free(&text);
	return found;
}

static bool
has_line(const char *path, const char *wanted)
{
	char text[256], line[64];
	char *rest = text, *one;

	if (file_read(path, text, sizeof text) < 0)
		return false;
	strlcpy(line, wanted, sizeof line);
	while ((one = strsep(&rest, "\n")) != NULL)
		if (strcmp(one, line) == 0)
			return true;
	return false;
}

/* The file of the cgroup, or of the one above it, that was told to freeze, with the value
 * that continues it.  NULL if there is none. */
static char *
find_thaw(const char *mount, const char *path, bool is_v1)
{
	char *above = xstrdup(path), *found = NULL, *slash;

	for (;;) {
		char *file = xasprintf("%s%s/%s", mount, above,
			is_v1 ? "freezer.self_freezing" : "cgroup.freeze");

		if (has_line(file, "1")) {
			found = xasprintf("echo %s >%s%s/%s", is_v1 ? "THAWED" : "0",
				mount, above, is_v1 ? "freezer.state" : "cgroup.freeze");
			free(file);
			break;
		}
		free(file);
		slash = strrchr(above, '/');
		if (slash == NULL)
			break;
		*slash = '\0';
	}
	free(above);
	return found;
}

static struct group
look_at_group(const struct freezer *f, const char *path, bool is_v1)
{
	const char *mount = is_v1 ? f->legacy : f->unified;
	struct group g = { .path = xstrdup(path), .is_v1 = is_v1 };
	char *file;

	if (mount == NULL)
		return g;
	file = xasprintf(
		"%s%s/%s", mount, path, is_v1 ? "freezer.state" : "cgroup.events");
	if (has_line(file, is_v1 ? "FROZEN" : "frozen 1"))
		g.thaw = find_thaw(mount, path, is_v1);
	free(file);
	return g;
}

static const struct group *
find_group(struct freezer *f, const char *path, bool is_v1)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].is_v1 == is_v1 && strcmp(f->list[i].path, path) == 0)
			return &f->list[i];
	f->list = xgrow(f->list, f->count, sizeof *f->list);
	f->list[f->count] = look_at_group(f, path, is_v1);
	return &f->list[f->count++];
}

static void
freeze_process(struct world *w, struct process *p, const struct group *g)
{
	free(p->frozen);
	free(p->thaw);
	p->frozen = xstrdup(g->path);
	p->thaw = xstrdup(g->thaw);
	for (size_t i = 0; i < p->count; i++)
		w->threads[p->first + i].halt = HALT_FROZEN;
}

/* A line, "0::/user.slice" for version 2, "6:freezer:/lxc" for version 1. */
static void
look_at_line(struct freezer *f, struct world *w, struct process *p, char *line)
{
	char *names = strchr(line, ':'),
	     *path = names == NULL ? NULL : strchr(names + 1, ':');
	const struct group *g;
	bool is_v1;

	if (path == NULL)
		return;
	*path++ = '\0';
	is_v1 = names[1] != '\0';
	if ((is_v1 && strstr(names, "freezer") == NULL) || strcmp(path, "/") == 0)
		return;
	g = find_group(f, path, is_v1);
	if (g->thaw != NULL)
		freeze_process(w, p, g);
}

void
freeze_find(struct world *w)
{
	struct freezer f = { .unified = find_hierarchy(false),
		.legacy = find_hierarchy(true) };
	struct buf text = { 0 };

	for (size_t i = 0; i < w->processes_count; i++) {
		struct process *p = &w->processes[i];
		char *line, *rest;

		if (p->count == 0 || read_file(w, p, "cgroup", &text) < 0)
			continue;
		buf_text(&text);
		for (rest = text.data; (line = strsep(&rest, "\n")) != NULL;)
			look_at_line(&f, w, p, line);
	}
	buf_free(&text);
	for (size_t i = 0; i < f.count; i++) {
		free(f.list[i].path);
		free(f.list[i].thaw);
	}
	free(f.list);
	free(f.unified);
	free(f.legacy);
}
