/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*at_failure)(void *data);
static void *at_failure_data;

void
xalloc_at_failure(void (*act)(void *data), void *data)
{
	at_failure = act;
	at_failure_data = data;
}

_Noreturn void
xalloc_fail(void)
{
	void (*act)(void *data) = at_failure;

	at_failure = NULL; /* its allocations may fail too */
	fprintf(stderr, "%s: out of memory\n", getprogname());
	if (act != NULL)
		act(at_failure_data);
	exit(2);
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count, size);

	if (p == NULL)
		xalloc_fail();
	return p;
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count, size);

	if (p == NULL && count != 0 && size != 0)
		xalloc_fail();
	return p;
}

char *
xstrdup(const char *text)
{
	char *p = strdup(text);

	if (p == NULL)
		xalloc_fail();
	return p;
}

char *
xvasprintf(const char *format, va_list args)
{
	char *p;

	if (vasprintf(&p, format, args) < 0)
		xalloc_fail();
	return p;
}

char *
xasprintf(const char *format, ...)
{
	va_list args;
	char *p;

	va_start(args, format);
	p = xvasprintf(format, args);
	va_end(args);
	return p;
}
