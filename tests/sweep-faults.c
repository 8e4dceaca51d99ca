/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Preloaded into ipctool by tests/sweep. It marks in a trace where main() is about to
 * start, and makes allocations fail:
 *
 *	SWEEP_FAIL_FROM=N    the Nth allocation and every later one fail with ENOMEM
 *	SWEEP_COUNT=FILE     at the end the number of allocations is written to FILE
 *
 * Modules of the name service are spared, because libnss_systemd aborts by itself.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
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

static int
is_name_service(const void *caller)
{
	Dl_info info;

	return dladdr(caller, &info) != 0 && info.dli_fname != NULL &&
		strstr(info.dli_fname, "libnss_") != NULL;
}

static int
fails(const void *caller)
{
	allocations++;
	if (fail_from == 0 || allocations < fail_from || is_name_service(caller))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *
reallocarray(void *old, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, total);
}

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
