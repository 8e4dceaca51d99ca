/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * /proc/locks, and the locks in /proc/PID/fdinfo.  The input is the file; or, if it starts
 * with a NUL, the facts of a lock that a line of the kernel tells, and the lines around
 * it.  The linker replaces the function that reads the file (-Wl,--wrap).
 */

#include "waits/locks.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "tests/fuzz.h"
#include "lib/file.h"

static struct buf content;

int __wrap_file_read_all(const char *path, struct buf *b);

int
__wrap_file_read_all(const char *path, struct buf *b)
{
	(void)path;
	buf_add(b, buf_text(&content), content.len);
	return 0;
}

/* What a wish waits for is before it, and one less deep. */
static void
check_links(const struct locks *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct lock *lock = &l->list[i];

		if (lock->before == SIZE_MAX)
			continue;
		require(lock->depth > 0 && lock->before < i);
		require(l->list[lock->before].depth == lock->depth - 1);
	}
}

/* How many locks are found, and how many of them are the wanted one. */
struct counts {
	const struct lock *wanted;
	size_t all, wanted_ones;
};

static void
count_lock(void *arg, const struct lock *lock)
{
	struct counts *counts = arg;

	counts->all++;
	counts->wanted_ones += counts->wanted != NULL &&
		lock_is_same(lock, counts->wanted);
}

static void
check_any(void)
{
	struct counts counts = { NULL, 0, 0 };
	struct locks l;

	require(locks_read(&l) == 0);
	/* A line of another form stays, in case a wish waits for it. */
	require(l.count <= (content.len + 1) / 3);
	check_links(&l);
	locks_free(&l);
	locks_of_info(buf_text(&content), count_lock, &counts);
	require(counts.all <= content.len / 10);
}

/* As lock_get_status() of the kernel writes it. */
static void
put_lock(struct buf *b, const char *start, const struct lock *lock)
{
	static const char *const types[] = {
		[LOCK_FLOCK] = "FLOCK ",
		[LOCK_POSIX] = "POSIX ",
		[LOCK_OFD] = "OFDLCK",
	};

	buf_printf(b, "%s7: ", start);
	if (lock->depth > 0)
		buf_printf(b, "%*s", (int)lock->depth + 1, "->");
	buf_printf(b, "%s%s ADVISORY  %s %d %02x:%02x:%" PRIu64 " %" PRIu64 " ",
		lock->depth > 0 ? " " : "", types[lock->type],
		lock->writes ? "WRITE" : "READ ", (int)lock->pid, major(lock->device),
		minor(lock->device), lock->inode, lock->start);
	if (lock->end == UINT64_MAX)
		buf_str(b, "EOF\n");
	else
		buf_printf(b, "%" PRIu64 "\n", lock->end);
}

static void
check_lock(struct input *in)
{
	unsigned bits = input_byte(in);
	struct lock lock = {
		.type = bits % 3,
		.writes = bits & 64,
		.pid = bits % 3 == LOCK_OFD ? -1 : (int)(input_number(in) & INT_MAX),
		.device = makedev(input_byte(in), input_byte(in)),
		.inode = input_number(in),
		.start = input_number(in) & INT64_MAX,
		.end = bits & 128 ? UINT64_MAX : input_number(in) & INT64_MAX,
	};
	struct lock wish = lock;
	struct counts counts = { &lock, 0, 0 };
	struct locks l;
	char *before = input_rest(in);

	wish.depth = 1 + bits / 3 % 4;
	wish.pid = 1;
	buf_printf(&content, "%s\n", before);
	put_lock(&content, "", &lock);
	put_lock(&content, "", &wish);
	require(locks_read(&l) == 0 && l.count >= 2);
	check_links(&l);
	require(lock_is_same(&l.list[l.count - 2], &lock));
	require(l.list[l.count - 2].depth == 0);
	require(lock_is_same(&l.list[l.count - 1], &wish));
	require(l.list[l.count - 1].depth == wish.depth);
	if (wish.depth == 1)
		require(l.list[l.count - 1].before == l.count - 2);
	locks_free(&l);

	content.len = 0;
	buf_printf(&content, "pos:\t0\nflags:\t02\n%s\n", before);
	put_lock(&content, "lock:\t", &lock);
	locks_of_info(buf_text(&content), count_lock, &counts);
	require(counts.wanted_ones > 0);
	free(before);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };

	if (size > 0 && *data == 0) {
		input_byte(&in);
		check_lock(&in);
	} else {
		buf_add(&content, data, size);
		check_any();
	}
	buf_free(&content);
	return 0;
}
