/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_XALLOC_H
#define LIB_XALLOC_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Allocation that cannot fail for its caller: when memory runs out the program says so
 * on standard error and exits with status 2.  The caller owns what is returned and gives
 * it to free(3).
 */
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);

/* The text that printf(3) would make of the arguments. */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/*
 * What is to be done before the program exits because memory has run out: to undo or to
 * report what was done, or to put back what was taken.  It is called once, after the
 * message that memory has run out, and must not allocate.  NULL for nothing.
 */
void xalloc_at_failure(void (*act)(void *data), void *data);

#endif
