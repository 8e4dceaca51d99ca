/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posix/unlinked.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "process/files.h"
#include "process/proc.h"

/* A file that a process uses. */
struct used_file {
	uint64_t inode;
	bool is_read; /* its facts are known */
	bool has_name; /* or may have one of another kind */
	struct object object;
};

struct search {
	const struct posix *posix;
	const struct posix_dir *dir;
	facts_t wanted;
	struct used_file *files; /* each once */
	size_t count;
};

/* Whether the last name that the kernel shows for a file is one of this kind: 1, 0, or -1
 * if the process does not use the file any more. */
static int
had_name_of_kind(const struct posix *posix, const char *path)
{
	static const char deleted[] = " (deleted)";
	char name[PATH_MAX];
	ssize_t len = readlink(path, name, sizeof name - 1);
	char *file;

	if (len < 0 && proc_has_left(errno))
		return -1;
	/* A name that cannot be read has no prefix that is known. */
	if (len < 0)
		len = 0;
	name[len] = '\0';
	if ((size_t)len > strlen(deleted) &&
		strcmp(name + len - strlen(deleted), deleted) == 0)
		name[len - strlen(deleted)] = '\0';
	file = strrchr(name, '/');
	return posix_takes(posix, file == NULL ? name : file + 1);
}

/* The file with this inode, which is added if it is new. */
static struct used_file *
file_with(struct search *s, uint64_t inode)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->files[i].inode == inode)
			return &s->files[i];
	s->files = xgrow(s->files, s->count, sizeof *s->files);
	s->files[s->count] = (struct used_file){ .inode = inode };
	return &s->files[s->count++];
}

static void
take_file(const struct file_use *use, void *data)
{
	struct search *s = data;
	int is_of_kind = had_name_of_kind(s->posix, use->path);
	struct used_file *f;
	mode_t type;

	if (is_of_kind < 0)
		return;
	f = file_with(s, use->use.id);
	if (f->is_read)
		return;
	f->object.kind = &s->posix->kind;
	object_set(&f->object, FACT_INODE, use->use.id);
	object_set(&f->object, FACT_DEVICE, use->use.device);
	f->has_name = !is_of_kind;
	f->is_read = f->has_name ||
		posix_read_file(AT_FDCWD, use->path, true, s->wanted, &f->object, &type) >
			0;
	/* An ordinary user may not read a mapping of their own process.  Then the
	 * directory tells whether the file has a name. */
	if (f->is_read && !f->has_name)
		f->has_name = type != S_IFREG || f->object.fact[FACT_NLINK] > 0;
}

static int
search_processes(struct search *s, size_t *closed)
{
	struct files_sink sink = {
		.devices = &s->dir->st.st_dev,
		.count = 1,
		.found = take_file,
		.data = s,
	};
	const struct dirent *entry;
	DIR *proc = opendir("/proc");
	int error;

	*closed = 0;
	if (proc == NULL)
		return -1;
	while (errno = 0, (entry = readdir(proc)) != NULL) {
		const char *p = entry->d_name;
		uint64_t pid;

		if (num_scan(&p, 10, INT32_MAX, &pid) == 0 && *p == '\0' &&
			(pid_t)pid != getpid() && files_read(pid, &sink) < 0)
			++*closed;
	}
	error = errno;
	closedir(proc);
	buf_free(&sink.room);
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Notes which files of unknown link count have a name in the directory. */
static int
find_names(struct search *s)
{
	int fd = openat(s->dir->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	int error;

	if (stream == NULL)
		return -1;
	while (errno = 0, (entry = readdir(stream)) != NULL)
		for (size_t i = 0; i < s->count; i++)
			if (s->files[i].inode == entry->d_ino)
				s->files[i].has_name = true;
	error = errno;
	closedir(stream);
	errno = error;
	return error == 0 ? 0 : -1;
}

static int
by_inode(const void *a, const void *b)
{
	return object_compare(a, b);
}

int
unlinked_find(const struct posix *posix, const struct posix_dir *dir, facts_t wanted,
	struct unlinked *u)
{
	struct search s = { .posix = posix, .dir = dir, .wanted = wanted };
	int rc = search_processes(&s, &u->closed);

	u->list = NULL;
	u->count = 0;
	if (rc == 0)
		rc = find_names(&s);
	for (size_t i = 0; i < s.count && rc == 0; i++) {
		struct object *o = &s.files[i].object;

		if (s.files[i].has_name)
			continue;
		/* It is known to have no name, even if its mode may not be read. */
		object_set(o, FACT_NLINK, 0);
		o->have |= FACT(NAME);
		u->list = xgrow(u->list, u->count, sizeof *u->list);
		u->list[u->count++] = *o;
	}
	if (u->count > 0)
		qsort(u->list, u->count, sizeof *u->list, by_inode);
	free(s.files);
	return rc;
}

void
unlinked_free(struct unlinked *u)
{
	free(u->list);
	*u = (struct unlinked){ 0 };
}
