/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/buf.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"

void
say(const char *format, ...)
{
	struct buf line = { 0 };
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);

	buf_printf(&line, "%s: ", getprogname());
	utf8_show(&line, text, strlen(text));
	buf_char(&line, '\n');
	fwrite(line.data, 1, line.len, stderr);
	buf_free(&line);
	free(text);
}

void
say_once(const char *format, ...)
{
	static char *last;
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	if (last == NULL || strcmp(last, text) != 0)
		say("%s", text);
	free(last);
	last = text;
}

void
say_text(const char *text)
{
	say("%s", text);
}
