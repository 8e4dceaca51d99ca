/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_XALLOC_H
#define LIB_XALLOC_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Allocation that cannot fail for its caller: when memory runs out, it prints a message
 * on standard error and exits with status 2.  The caller owns the result and passes it to
 * free(3).
 */
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);

/* What they do without memory, for a function of the C library that has none. */
_Noreturn void xalloc_fail(void);

/* Formats a text as printf(3) does. */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/*
 * Sets a function to call before the program exits because memory has run out, to undo or
 * report what was done, or to put back what was taken; NULL for none.  It is called once,
 * after the message, and must not allocate.
 */
void xalloc_at_failure(void (*act)(void *data), void *data);

#endif
