/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/num.h"
#include "lib/xalloc.h"

void
buf_grow(struct buf *b, size_t more)
{
	size_t cap = b->cap < 64 ? 64 : b->cap;

	if (b->cap - b->len >= more)
		return;
	while (cap - b->len < more)
		cap += cap / 2;
	b->data = xreallocarray(b->data, cap, 1);
	b->cap = cap;
}

int
buf_room(struct buf *b, size_t size)
{
	char *data;

	if (b->cap >= size)
		return 0;
	data = realloc(b->data, size);
	if (data == NULL)
		return -1;
	b->data = data;
	b->cap = size;
	return 0;
}

void
buf_number(struct buf *b, uint64_t number)
{
	enum { DIGITS = 20 };

	if (b->cap - b->len < DIGITS)
		buf_grow(b, DIGITS);
	b->len = num_put(b->data + b->len, number) - b->data;
}

void
buf_digits(struct buf *b, uint64_t number, unsigned base, unsigned width)
{
	char text[64];
	char *p = text + sizeof text;
	char *padded = p - width;
	unsigned shift = base == 16 ? 4 : 3;

	if (base == 10)
		for (; number != 0 || p > padded; number /= 10)
			*--p = '0' + number % 10;
	else
		for (; number != 0 || p > padded; number >>= shift)
			*--p = "0123456789abcdef"[number & (base - 1)];
	buf_add(b, p, text + sizeof text - p);
}

void
buf_age(struct buf *b, uint64_t seconds)
{
	static const struct {
		unsigned seconds;
		char name;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (units[i].seconds > 1 && seconds < units[i].seconds)
		i++;
	buf_number(b, seconds / units[i].seconds);
	buf_char(b, units[i].name);
}

void
buf_seconds(struct buf *b, uint64_t nanoseconds)
{
	enum { SECOND = 1000000000, DIGITS = 9 };

	buf_number(b, nanoseconds / SECOND);
	if (nanoseconds % SECOND != 0) {
		buf_char(b, '.');
		buf_digits(b, nanoseconds % SECOND, 10, DIGITS);
		while (b->data[b->len - 1] == '0')
			b->len--;
	}
	buf_str(b, " s");
}

void
buf_size(struct buf *b, uint64_t bytes)
{
	char text[8];

	/* The longest text is "1023P".  humanize_number(3) takes sizes up to 2^63-1;
	 * larger ones would be "8E" and more, but the kernel does not create such
	 * objects. */
	humanize_number(text, 5, bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes, "",
		HN_AUTOSCALE, HN_NOSPACE | HN_DECIMAL);
	buf_str(b, text);
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);

	buf_grow(b, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(b->data + b->len, (size_t)len + 1, format, args);
	va_end(args);
	b->len += len;
}

const char *
buf_text(struct buf *b)
{
	buf_char(b, '\0');
	b->len--;
	return b->data;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
