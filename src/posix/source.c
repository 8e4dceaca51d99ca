/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the objects, which are files in a directory. */

#include "kind/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kind/access.h"
#include "lib/xalloc.h"
#include "posix/dir.h"
#include "posix/name.h"
#include "posix/unlinked.h"

struct posix_source {
	struct source base;
	const struct posix *posix;
	struct posix_dir dir;
	DIR *stream; /* NULL for the objects without names */
	const struct unlinked *unlinked; /* what is shared, or the source's own; NULL if
					  * there are none */
	struct source_shared own;
	size_t given; /* of these */
	facts_t wanted;
	time_t time;
	void (*problem)(const char *text);
	size_t problems;
	struct label label; /* of the last object */
	struct buf room;
};

/* The directory, for messages. */
static const char *
directory_of(const struct posix *posix)
{
	return posix->kind.is_in_shm ? posix_shm_path() : posix->place;
}

static struct posix_source *
posix_source_of(const struct source *base)
{
	return (struct posix_source *)base;
}

static void
close_source(struct source *base)
{
	struct posix_source *s = posix_source_of(base);

	if (s->stream != NULL)
		closedir(s->stream);
	posix_dir_close(&s->dir);
	source_shared_end(&s->own);
	buf_free(&s->room);
	free(s);
}

static void
report_problem(struct posix_source *s, const char *text)
{
	s->problems++;
	if (s->problem != NULL)
		s->problem(text);
}

/* Tells that objects may be missing: that is no defect of one of them. */
static void
warn_closed(const struct posix_source *s, const struct source_options *options)
{
	size_t n = s->unlinked->closed;
	char *text;

	if (n == 0 || options->warn == NULL)
		return;
	text = xasprintf("%zu process%s could not be examined%s", n, n == 1 ? "" : "es",
		access_hint());
	options->warn(text);
	free(text);
}

static int
start_source(
	struct posix_source *s, const struct source_options *options, struct buf *cause)
{
	int fd;

	if (options->unlinked && s->posix->needs_name)
		return 0;
	if (s->posix->open_dir(&s->dir, options, cause) < 0)
		return -1;
	if (options->unlinked) {
		s->unlinked = unlinked_find(
			&s->dir, options->shared != NULL ? options->shared : &s->own);
		if (s->unlinked != NULL) {
			warn_closed(s, options);
			return 0;
		}
		buf_printf(cause, "cannot read '/proc': %s", strerror(errno));
		return -1;
	}
	fd = openat(s->dir.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	s->stream = fd < 0 ? NULL : fdopendir(fd);
	if (s->stream != NULL)
		return 0;
	buf_printf(
		cause, "cannot open '%s': %s", directory_of(s->posix), strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static struct source *
open_source(const struct kind *kind, facts_t wanted, const struct source_options *options,
	void (*problem)(const char *text), struct buf *cause)
{
	struct posix_source *s = xcalloc(1, sizeof *s);

	s->posix = posix_of(kind);
	s->dir.fd = -1;
	s->wanted = wanted;
	s->time = time(NULL);
	s->problem = problem;
	if (start_source(s, options, cause) == 0)
		return &s->base;
	close_source(&s->base);
	return NULL;
}

/* Stores the next object without a name.  Returns 1, or 0 at the end. */
static int
next_unlinked(struct posix_source *s, struct object *o)
{
	do {
		if (s->unlinked == NULL || s->given == s->unlinked->count)
			return 0;
		*o = s->unlinked->list[s->given++];
	} while (o->kind != &s->posix->kind);
	posix_label(s->posix, NULL, o->fact[FACT_INODE], &s->label, &s->room);
	return 1;
}

/* Reads a file in the directory, as posix_read_file() does, and what is in it. */
static int
read_named(const struct posix_dir *dir, const char *file, facts_t wanted,
	struct object *o, mode_t *type)
{
	const struct posix *posix = posix_of(o->kind);
	int rc = posix_read_file(dir->fd, file, false, wanted, o, type);

	if (rc <= 0 || *type != S_IFREG)
		return rc;
	object_set(o, FACT_NAME, dir->is_shown);
	if (posix->read_contents != NULL)
		posix->read_contents(dir, file, wanted, o);
	return rc;
}

/* Reads the file of an entry.  Returns whether it is an object. */
static bool
read_entry(struct posix_source *s, const char *file, struct object *o)
{
	mode_t type;
	int error, rc;
	char *text;

	o->kind = &s->posix->kind;
	o->have = 0;
	rc = read_named(&s->dir, file, s->wanted, o, &type);
	error = errno;
	if (rc == 0 || (rc > 0 && type != S_IFREG))
		return false;
	posix_label(s->posix, file, 0, &s->label, &s->room);
	if (rc > 0)
		return true;
	text = xasprintf("%s: cannot be read: %s", s->label.ref, strerror(error));
	report_problem(s, text);
	free(text);
	return false;
}

/* Stores the next object in the directory. */
static int
next_entry(struct posix_source *s, struct object *o)
{
	const struct dirent *entry;
	char *text;

	while (errno = 0, (entry = readdir(s->stream)) != NULL) {
		if ((entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN) &&
			posix_takes(s->posix, entry->d_name) &&
			read_entry(s, entry->d_name, o))
			return 1;
	}
	if (errno == 0)
		return 0;
	text = xasprintf("cannot read '%s': %s", directory_of(s->posix), strerror(errno));
	report_problem(s, text);
	free(text);
	return -1;
}

static int
read_next(struct source *base, struct object *o)
{
	struct posix_source *s = posix_source_of(base);
	int rc = s->stream == NULL ? next_unlinked(s, o) : next_entry(s, o);

	o->label = &s->label;
	o->read = s->time;
	return rc;
}

static const char *
why_not_known(struct source *base)
{
	const struct posix *posix = posix_source_of(base)->posix;

	/* Kinds with put_unread() tell why the contents of a file are not known. */
	if (posix->read_contents == NULL || posix->kind.put_unread != NULL)
		return "this file system does not have it";
	return "the file cannot be opened for reading";
}

static bool
reads_each(const struct source *base)
{
	(void)base;
	return true;
}

static size_t
problems_of(const struct source *base)
{
	return posix_source_of(base)->problems;
}

static const char *
type_name(mode_t type)
{
	switch (type) {
	case S_IFDIR:
		return "a directory";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	case S_IFLNK:
		return "a symbolic link";
	default:
		return "a device";
	}
}

static int
find_file(const struct posix_dir *dir, const struct ref *ref, struct object *o,
	struct buf *cause)
{
	mode_t type;
	int rc = read_named(dir, posix_file(ref->label), o->kind->facts, o, &type);

	if (rc < 0)
		buf_printf(cause, "cannot be read: %s", strerror(errno));
	if (rc > 0 && type != S_IFREG) {
		buf_printf(cause, "is %s, not an object", type_name(type));
		return -1;
	}
	return rc;
}

static int
find_unlinked(const struct posix_dir *dir, const struct ref *ref,
	struct source_shared *shared, struct object *o, struct buf *cause)
{
	struct source_shared own = { 0 };
	const struct unlinked *u = unlinked_find(dir, shared != NULL ? shared : &own);
	int rc = 0;

	if (u == NULL) {
		buf_printf(cause, "cannot read '/proc': %s", strerror(errno));
		return -1;
	}
	/* The reference may have the type of the other kind. */
	for (size_t i = 0; i < u->count && rc == 0; i++)
		if (u->list[i].fact[FACT_INODE] == ref->number) {
			*o = u->list[i];
			posix_relabel(ref->label, posix_of(o->kind));
			rc = 1;
		}
	source_shared_end(&own);
	return rc;
}

static int
find_by_ref(const struct ref *ref, const struct source_options *options, struct object *o,
	struct buf *cause)
{
	struct source_shared *shared = options == NULL ? NULL : options->shared;
	struct posix_dir dir;
	int rc;

	o->kind = ref->kind;
	o->have = 0;
	rc = posix_of(ref->kind)->open_dir(&dir, options, cause);
	if (rc < 0)
		return rc;
	rc = ref->label->name == NULL ? find_unlinked(&dir, ref, shared, o, cause)
				      : find_file(&dir, ref, o, cause);
	posix_dir_close(&dir);
	o->label = ref->label;
	o->read = time(NULL);
	return rc;
}

const struct source_ops posix_source_ops = {
	.open = open_source,
	.next = read_next,
	.why = why_not_known,
	.is_fresh = reads_each,
	.problems = problems_of,
	.close = close_source,
	.find = find_by_ref,
	.is_place = true,
};
