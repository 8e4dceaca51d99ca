/* SPDX-License-Identifier: GPL-3.0-or-later */

#ifndef IPCTOOL_TESTS_TAP_H
#define IPCTOOL_TESTS_TAP_H

#include <stdbool.h>

/*
 * Assertions of the C unit tests. Each one prints a line of the Test Anything Protocol;
 * after a failure, comment lines show the place and the value found. Each returns whether
 * it held, so that a test can stop. They neither free nor keep their arguments.
 */

#define ok(condition, ...) tap_ok((condition), __FILE__, __LINE__, __VA_ARGS__)

/* Compares numbers of any integer type. Give signed ones to is_int, others to is_uint. */
#define is_int(got, wanted, ...) \
	tap_is_int((got), (wanted), __FILE__, __LINE__, __VA_ARGS__)
#define is_uint(got, wanted, ...) \
	tap_is_uint((got), (wanted), __FILE__, __LINE__, __VA_ARGS__)

/* Compares strings. NULL equals NULL only. */
#define is_str(got, wanted, ...) \
	tap_is_str((got), (wanted), __FILE__, __LINE__, __VA_ARGS__)

bool tap_ok(bool held, const char *file, int line, const char *name, ...)
	__attribute__((format(printf, 4, 5)));
bool tap_is_int(long long got, long long wanted, const char *file, int line,
	const char *name, ...) __attribute__((format(printf, 5, 6)));
bool tap_is_uint(unsigned long long got, unsigned long long wanted, const char *file,
	int line, const char *name, ...) __attribute__((format(printf, 5, 6)));
bool tap_is_str(const char *got, const char *wanted, const char *file, int line,
	const char *name, ...) __attribute__((format(printf, 5, 6)));

/* A comment line in the log. */
void diag(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Counts a test that cannot run here as skipped, with the reason. */
void skip(const char *reason, ...) __attribute__((format(printf, 1, 2)));

/* Prints the plan. It is the last call of main(), as `return done_testing();`. Returns 0:
 * the driver reads failures from the lines, and takes any other status for a crash. */
int done_testing(void);

#endif
