/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Preloaded into ipctool by tests/sweep. It marks in a trace where main() is about to
 * start, and makes allocations fail:
 *
 *	SWEEP_FAIL_FROM=N    the Nth allocation and every later one fail with ENOMEM
 *	SWEEP_COUNT=FILE     at the end the number of allocations is written to FILE
 *
 * The name service is spared: glibc 2.36 crashes by itself in nss_database.c where memory
 * runs out, and its module libnss_systemd aborts.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The allocator of the C library itself. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static unsigned long allocations;
static unsigned long fail_from; /* 0: never */

static int in_name_service; /* a look-up is being made */

static int
fails(void)
{
	allocations++;
	if (fail_from == 0 || allocations < fail_from || in_name_service)
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
	size_t total;

	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return fails() ? NULL : __libc_realloc(old, total);
}

/* Stands for a function of the C library that looks something up. */
#define LOOK_UP(type, name, argument) \
	type name(argument what) \
	{ \
		type (*real)(argument) = (type(*)(argument))dlsym(RTLD_NEXT, #name); \
		type found; \
\
		in_name_service = 1; \
		found = real(what); \
		in_name_service = 0; \
		return found; \
	}

LOOK_UP(struct passwd *, getpwuid, uid_t)
LOOK_UP(struct passwd *, getpwnam, const char *)
LOOK_UP(struct group *, getgrgid, gid_t)
LOOK_UP(struct group *, getgrnam, const char *)

/* Runs last before main(). No file has the number -1, so the call does nothing. */
__attribute__((constructor)) static void
begin(void)
{
	const char *from = getenv("SWEEP_FAIL_FROM");

	if (write(-1, "main", 4) < 0)
		allocations = 0;
	fail_from = from == NULL ? 0 : strtoul(from, NULL, 10);
}

__attribute__((destructor)) static void
end(void)
{
	const char *path = getenv("SWEEP_COUNT");
	int fd;

	if (path == NULL || (fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600)) < 0)
		return;
	dprintf(fd, "%lu\n", allocations);
	close(fd);
}
