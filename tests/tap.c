/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The only mutable state of a unit test: the number of assertions. */
static int count;

static void __attribute__((format(printf, 4, 0)))
print_result(bool held, const char *file, int line, const char *name, va_list args)
{
	printf("%sok %d - ", held ? "" : "not ", ++count);
	vprintf(name, args);
	putchar('\n');
	if (!held)
		printf("# %s:%d\n", file, line);
	/* A crash in the next assertion must not lose this line. */
	fflush(stdout);
}

bool
tap_ok(bool held, const char *file, int line, const char *name, ...)
{
	va_list args;

	va_start(args, name);
	print_result(held, file, line, name, args);
	va_end(args);
	return held;
}

bool
tap_is_int(long long got, long long wanted, const char *file, int line, const char *name,
	...)
{
	va_list args;

	va_start(args, name);
	print_result(got == wanted, file, line, name, args);
	va_end(args);
	if (got != wanted)
		diag("got %lld, wanted %lld", got, wanted);
	return got == wanted;
}

bool
tap_is_uint(unsigned long long got, unsigned long long wanted, const char *file, int line,
	const char *name, ...)
{
	va_list args;

	va_start(args, name);
	print_result(got == wanted, file, line, name, args);
	va_end(args);
	if (got != wanted)
		diag("got %llu, wanted %llu", got, wanted);
	return got == wanted;
}

bool
tap_is_str(const char *got, const char *wanted, const char *file, int line,
	const char *name, ...)
{
	bool same = got && wanted ? strcmp(got, wanted) == 0 : got == wanted;
	va_list args;

	va_start(args, name);
	print_result(same, file, line, name, args);
	va_end(args);
	if (!same) {
		diag("got    %s", got ? got : "(null)");
		diag("wanted %s", wanted ? wanted : "(null)");
	}
	return same;
}

void
diag(const char *format, ...)
{
	va_list args;

	fputs("# ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void
skip(const char *reason, ...)
{
	va_list args;

	printf("ok %d # SKIP ", ++count);
	va_start(args, reason);
	vprintf(reason, args);
	va_end(args);
	putchar('\n');
}

int
done_testing(void)
{
	printf("1..%d\n", count);
	return 0;
}
