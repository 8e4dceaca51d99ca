/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void
out_of_memory(void)
{
	fprintf(stderr, "%s: out of memory\n", getprogname());
	exit(2);
}

void *
xcalloc(size_t count, size_t size)
{
	void *p = calloc(count, size);

	if (p == NULL)
		out_of_memory();
	return p;
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count, size);

	if (p == NULL && count != 0 && size != 0)
		out_of_memory();
	return p;
}

char *
xstrdup(const char *text)
{
	char *p = strdup(text);

	if (p == NULL)
		out_of_memory();
	return p;
}

char *
xvasprintf(const char *format, va_list args)
{
	char *p;

	if (vasprintf(&p, format, args) < 0)
		out_of_memory();
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
