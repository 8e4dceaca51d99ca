/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "posix/unlinked.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
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
	uint64_t inode; /* by which the tree is sorted */
	bool is_read; /* its facts are known */
	bool has_name; /* or may have one */
	struct object object;
};

struct search {
	const struct posix_dir *dir;
	void *tree; /* of the files, each once, for tsearch(3) */
	struct used_file **files; /* the same; the tree owns them */
	size_t count;
};

static int
compare_inodes(const void *a, const void *b)
{
	const struct used_file *x = a;
	const struct used_file *y = b;

	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* Copies the last name that the kernel shows for a file, without its end "(deleted)";
 * an empty one if none can be read.  0, or -1 if the process does not use the file any
 * more. */
static int
read_last_name(const struct file_use *use, char name[PATH_MAX])
{
	static const char deleted[] = " (deleted)";
	ssize_t len;

	if (use->name != NULL) {
		len = strlcpy(name, use->name, PATH_MAX);
	} else {
		len = readlink(use->path, name, PATH_MAX - 1);
		if (len < 0 && proc_has_left(errno))
			return -1;
		len = len < 0 ? 0 : len;
		name[len] = '\0';
	}
	if ((size_t)len > strlen(deleted) &&
		strcmp(name + len - strlen(deleted), deleted) == 0)
		name[len - strlen(deleted)] = '\0';
	return 0;
}

/* The kind that the last name of a file tells, or NULL if the process does not use it any
 * more. */
static const struct posix *
kind_of_file(const struct file_use *use)
{
	char name[PATH_MAX];
	const char *file;

	if (read_last_name(use, name) < 0)
		return NULL;
	file = strrchr(name, '/');
	return posix_takes(&posix_psem, file == NULL ? name : file + 1) ? &posix_psem
									: &posix_pshm;
}

/* The file with this inode, which is added if it is new. */
static struct used_file *
file_with(struct search *s, uint64_t inode)
{
	const struct used_file wanted = { .inode = inode };
	struct used_file *f;
	void *node = tfind(&wanted, &s->tree, compare_inodes);

	if (node != NULL)
		return *(struct used_file **)node;
	f = xcalloc(1, sizeof *f);
	f->inode = inode;
	if (tsearch(f, &s->tree, compare_inodes) == NULL)
		xalloc_fail();
	s->files = xgrow(s->files, s->count, sizeof *s->files);
	return s->files[s->count++] = f;
}

static void
take_file(const struct file_use *use, void *data)
{
	struct search *s = data;
	const struct posix *posix = kind_of_file(use);
	struct used_file *f;
	struct object now = { 0 }, *o;
	bool is_read;
	mode_t type;

	if (posix == NULL)
		return;
	now.kind = &posix->kind;
	object_set(&now, FACT_INODE, use->use.id);
	object_set(&now, FACT_DEVICE, use->use.device);
	is_read = posix_read_file(
			  AT_FDCWD, use->path, true, posix->kind.facts, &now, &type) > 0;
	/* The descriptor may be that of another file meanwhile. */
	if (is_read &&
		(type != S_IFREG || now.fact[FACT_INODE] != use->use.id ||
			now.fact[FACT_DEVICE] != use->use.device))
		return;
	f = file_with(s, use->use.id);
	if (f->is_read)
		return;
	o = &f->object;
	*o = now;
	f->is_read = is_read;
	/* An ordinary user may not read a mapping of their own process.  Then the
	 * directory tells whether the file has a name. */
	if (is_read)
		f->has_name = o->fact[FACT_NLINK] > 0;
	if (!f->has_name && posix->read_contents != NULL)
		posix->read_contents(s->dir, use->path, o->kind->facts, o);
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
	while (errno = 0, (entry = readdir(stream)) != NULL) {
		const struct used_file wanted = { .inode = entry->d_ino };
		void *node = tfind(&wanted, &s->tree, compare_inodes);

		if (node != NULL)
			(*(struct used_file **)node)->has_name = true;
	}
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

/* Appends the files without names, in order. */
static void
keep_unlinked(const struct search *s, struct unlinked *u)
{
	for (size_t i = 0; i < s->count; i++) {
		struct object *o = &s->files[i]->object;

		if (s->files[i]->has_name)
			continue;
		/* It is known to have no name, even if its mode may not be read. */
		object_set(o, FACT_NLINK, 0);
		o->have |= FACT(NAME);
		u->list = xgrow(u->list, u->count, sizeof *u->list);
		u->list[u->count++] = *o;
	}
	if (u->count > 0)
		qsort(u->list, u->count, sizeof *u->list, by_inode);
}

static void
free_unlinked(void *unlinked)
{
	struct unlinked *u = unlinked;

	free(u->list);
	free(u);
}

const struct unlinked *
unlinked_find(const struct posix_dir *dir, struct source_shared *shared)
{
	struct search s = { .dir = dir };
	struct unlinked *u;
	int error;

	if (shared->data != NULL)
		return shared->data;
	u = xcalloc(1, sizeof *u);
	if (search_processes(&s, &u->closed) == 0 && find_names(&s) == 0) {
		keep_unlinked(&s, u);
		*shared = (struct source_shared){ u, free_unlinked };
	}
	error = errno;
	tdestroy(s.tree, free);
	free(s.files);
	if (shared->data == NULL)
		free_unlinked(u);
	errno = error;
	return shared->data;
}
