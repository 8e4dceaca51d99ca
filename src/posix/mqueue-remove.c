/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Removing the name of a queue.  Queues cannot be renamed, so another queue can get the
 * name between the last comparison and unlink(2).  inotify(7) tells afterwards whether
 * that has happened: then the name was deleted twice.
 */

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "posix/dir.h"
#include "posix/name.h"

static bool
is_queue(const struct object *o, const struct stat *st)
{
	return st->st_dev == o->fact[FACT_DEVICE] && st->st_ino == o->fact[FACT_INODE] &&
		(st->st_mode & 0777) == (o->fact[FACT_MODE] & 0777) &&
		st->st_uid == o->fact[FACT_UID];
}

/* Whether no process has used the queue since the last look. */
static bool
is_untouched(const struct object *o, int queue, const struct stat *st)
{
	struct mq_attr attr;

	return mq_getattr(queue, &attr) == 0 &&
		(uint64_t)attr.mq_curmsgs == o->fact[FACT_QNUM] &&
		(uint64_t)st->st_mtim.tv_sec == o->fact[FACT_MTIME];
}

/* A descriptor that counts how often names are deleted from now on, or -1.  It also
 * watches the creation of names, because the kernel merges equal events that follow each
 * other. */
static int
watch_names(const struct posix_dir *dir)
{
	char path[32];
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	snprintf(path, sizeof path, "/proc/self/fd/%d", dir->fd);
	if (fd < 0 ||
		inotify_add_watch(fd, path, IN_DELETE | IN_CREATE | IN_ONLYDIR) >= 0)
		return fd;
	close(fd);
	return -1;
}

/* How often a name was deleted. */
static unsigned
count_deletions(int watch, const char *file)
{
	union {
		struct inotify_event event;
		char room[4096];
	} events;
	unsigned count = 0;
	ssize_t len;

	while ((len = read(watch, &events, sizeof events)) > 0)
		for (ssize_t at = 0; at < len;) {
			const struct inotify_event *e = (const void *)(events.room + at);

			count += (e->mask & IN_DELETE) && strcmp(e->name, file) == 0;
			at += sizeof *e + e->len;
		}
	return count;
}

/* Removes the name if it is that of the queue, and the queue is as it was, unless its
 * descriptor is -1.  0, or -1 with errno. */
static int
remove_name(const struct object *o, const struct posix_dir *dir, int queue, int watch,
	struct buf *cause)
{
	const char *file = posix_file(o->label);
	struct stat st;

	if (fstatat(dir->fd, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (!is_queue(o, &st))
		buf_str(cause, o->kind->says->another);
	else if (queue >= 0 && !is_untouched(o, queue, &st))
		buf_str(cause, o->kind->says->differs);
	else if (unlinkat(dir->fd, file, 0) < 0)
		return -1;
	else if (watch < 0 || count_deletions(watch, file) < 2)
		return 0;
	else
		buf_str(cause,
			"the name was given to another object meanwhile; that object was "
			"removed");
	errno = ECANCELED;
	return -1;
}

int
posix_queue_remove(const struct object *o, bool checks, struct buf *cause)
{
	struct posix_dir dir;
	struct buf why = { 0 };
	int queue = -1, watch, rc = -1, error;

	if (mqueue_dir_open(&dir, NULL, &why) < 0) {
		buf_add(cause, why.data, why.len);
		buf_free(&why);
		errno = ECANCELED;
		return -1;
	}
	/* Memory is allocated before the name is removed. */
	buf_grow(cause, 256);
	watch = watch_names(&dir);
	/* A queue that its owner may not open can be removed all the same. */
	if (checks)
		queue = posix_open(&dir, o);
	if (checks && queue < 0 && errno == ESTALE) {
		buf_str(cause, o->kind->says->another);
		errno = ECANCELED;
	} else if (!checks || queue >= 0) {
		rc = remove_name(o, &dir, queue, watch, cause);
	}
	error = errno;
	if (queue >= 0)
		close(queue);
	if (watch >= 0)
		close(watch);
	posix_dir_close(&dir);
	errno = error;
	return rc;
}
