/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For LD_PRELOAD: memory runs out.  The allocation with the number NO_MEMORY_AT, counted
 * from 1, and all later ones fail.  The number of allocations is written to the file
 * NO_MEMORY_COUNT when the program exits.
 *
 * Look-ups of users and groups are exempt: the modules of the C library for them crash if
 * memory runs out.  So does libgcov, which writes the counts of `make coverage` when the
 * program exits.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The allocator; glibc exports it under these names too. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static long at = -1; /* not read yet; 0 for never */
static long allocations;
static int spared; /* nesting depth of functions that are exempt */

static void
spare_rest(void)
{
	spared++;
}

static int
fails(void)
{
	const char *text;

	if (at < 0) {
		text = getenv("NO_MEMORY_AT");
		at = text == NULL ? 0 : atol(text);
	}
	if (spared > 0)
		return 0;
	if (allocations++ == 0 && getenv("GCOV_ERROR_FILE") != NULL)
		atexit(spare_rest);
	if (at == 0 || allocations < at)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *
reallocarray(void *old, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(old, bytes);
}

#define SPARE(type, name, argument) \
	type *name(argument a) \
	{ \
		type *(*real)(argument); \
		type *found; \
\
		spared++; \
		real = (type * (*)(argument)) dlsym(RTLD_NEXT, #name); \
		found = real(a); \
		spared--; \
		return found; \
	}

SPARE(struct passwd, getpwuid, uid_t)
SPARE(struct passwd, getpwnam, const char *)
SPARE(struct group, getgrgid, gid_t)
SPARE(struct group, getgrnam, const char *)

__attribute__((destructor)) static void
tell(void)
{
	const char *path = getenv("NO_MEMORY_COUNT");
	int fd = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0)
		dprintf(fd, "%ld\n", allocations);
	if (fd >= 0)
		close(fd);
}
