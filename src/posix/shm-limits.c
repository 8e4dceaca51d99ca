/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What takes room in the file system of /dev/shm: objects, files that have lost their
 * name but are still in use, and everything else that is there. */

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include "kind/limit.h"
#include "lib/array.h"
#include "lib/xalloc.h"
#include "posix/dir.h"
#include "posix/name.h"

enum { L_BYTES, L_INODES, L_UNLINKED, L_OTHER };

const struct limit posix_shm_limits[] = {
	[L_BYTES] = { .name = "PSHM_BYTES",
		.what = "bytes of " POSIX_SHM,
		.role = LIMIT_TOTAL,
		.fact = FACT_ALLOC,
		.counted = true,
		.bytes = true,
		.mount_option = "size",
		.mount_point = POSIX_SHM },
	[L_INODES] = { .name = "PSHM_INODES",
		.what = "inodes of " POSIX_SHM,
		.role = LIMIT_OBJECTS,
		.counted = true,
		.mount_option = "nr_inodes",
		.mount_point = POSIX_SHM },
	[L_UNLINKED] = { .name = "PSHM_UNLINKED",
		.what = "bytes without a name",
		.counted = true,
		.bytes = true,
		.is_part = true },
	[L_OTHER] = { .name = "PSHM_OTHER",
		.what = "bytes of",
		.thing = "other file",
		.counted = true,
		.bytes = true,
		.is_part = true },
	{ 0 },
};

/* A file with several names, which counts once. */
struct linked {
	ino_t inode;
	uint64_t bytes;
	bool is_other;
};

/* The files that have names. */
struct census {
	dev_t device;
	uint64_t named; /* bytes of all of them */
	uint64_t other; /* bytes of those that are no objects */
	uint64_t other_count;
	struct linked *linked;
	size_t linked_count;
	int error; /* why not all could be read, or 0 */
};

static void
count_bytes(struct census *c, uint64_t bytes, bool is_other)
{
	c->named += bytes;
	c->other += is_other ? bytes : 0;
}

static void
count_file(struct census *c, const FTSENT *entry)
{
	enum { BLOCK = 512 }; /* stat(2): the unit of st_blocks */
	const struct stat *st = entry->fts_statp;
	uint64_t bytes = (uint64_t)st->st_blocks * BLOCK;
	bool is_other = entry->fts_level > 1 || !S_ISREG(st->st_mode);

	/* What is mounted here is no part of this file system. */
	if (st->st_dev != c->device)
		return;
	c->other_count += is_other;
	if (st->st_nlink == 1 || S_ISDIR(st->st_mode)) {
		count_bytes(c, bytes, is_other);
		return;
	}
	c->linked = xgrow(c->linked, c->linked_count, sizeof *c->linked);
	c->linked[c->linked_count++] = (struct linked){ st->st_ino, bytes, is_other };
}

/* A name of an object comes before another one. */
static int
by_file(const void *a, const void *b)
{
	const struct linked *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return (int)x->is_other - (int)y->is_other;
}

static void
count_linked(struct census *c)
{
	if (c->linked_count > 0)
		qsort(c->linked, c->linked_count, sizeof *c->linked, by_file);
	for (size_t i = 0; i < c->linked_count; i++)
		if (i == 0 || c->linked[i].inode != c->linked[i - 1].inode)
			count_bytes(c, c->linked[i].bytes, c->linked[i].is_other);
	free(c->linked);
}

static void
count_entry(struct census *c, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_DP: /* a directory, after its contents */
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		/* It may have been removed meanwhile. */
		if (entry->fts_errno != ENOENT)
			c->error = entry->fts_errno;
		break;
	default:
		if (entry->fts_level > 0)
			count_file(c, entry);
	}
}

static void
take_census(struct census *c, const struct posix_dir *dir)
{
	char path[64];
	char *const paths[] = { path, NULL };
	const FTSENT *entry;
	FTS *tree;

	/* No path of the caller's leads to that of another mount namespace. */
	snprintf(path, sizeof path, "/proc/self/fd/%d", dir->fd);
	tree = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_XDEV, NULL);
	if (tree == NULL) {
		c->error = errno;
		return;
	}
	while (errno = 0, (entry = fts_read(tree)) != NULL)
		count_entry(c, entry);
	if (errno != 0)
		c->error = errno;
	fts_close(tree);
	count_linked(c);
}

/* Without a limit, the kernel counts nothing. */
static void
set_limit(struct limit *l, uint64_t all, uint64_t free, uint64_t unit)
{
	l->counted = all != 0;
	l->limit = all == 0 ? UINT64_MAX : all * unit;
	l->used = (all - free) * unit;
}

static void
set_parts(struct limit *limits, const struct census *c, int whole)
{
	int error = whole < 0 ? errno : 0;
	uint64_t used = limits[L_BYTES].used;

	limits[L_OTHER].used = c->other;
	limits[L_OTHER].things_count = c->other_count;
	limits[L_OTHER].unread = c->error;
	limits[L_UNLINKED].counted = limits[L_BYTES].counted && whole != 0;
	/* Files may have been made since the file system was asked. */
	limits[L_UNLINKED].used = used > c->named ? used - c->named : 0;
	limits[L_UNLINKED].unread = c->error != 0 ? c->error : error;
}

int
posix_read_shm_limits(struct limit *limits, struct buf *cause)
{
	struct census census = { 0 };
	struct posix_dir dir;
	struct statvfs fs;

	if (posix_dir_open(&dir, &(struct source_options){ .changes = true }, cause) < 0)
		return SOURCE_UNUSABLE;
	if (fstatvfs(dir.fd, &fs) < 0) {
		int error = errno;

		posix_dir_close(&dir);
		errno = error;
		return -1;
	}
	census.device = dir.st.st_dev;
	take_census(&census, &dir);
	set_limit(&limits[L_BYTES], fs.f_blocks, fs.f_bfree, fs.f_frsize);
	set_limit(&limits[L_INODES], fs.f_files, fs.f_ffree, 1);
	set_parts(limits, &census, posix_shm_is_whole(&dir));
	limits[L_BYTES].entering = limits[L_INODES].entering = posix_shm_entering();
	posix_dir_close(&dir);
	return 0;
}
