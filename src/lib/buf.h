/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that grow at their end.  Initialise it with {0}; buf_free() releases it and makes
 * it empty again.  Only buf_text() adds a terminating NUL. */
struct buf {
	char *data;
	size_t len;
	size_t cap;
};

/* Makes room for this many bytes after the last one; this may move data.  len does not
 * change. */
void buf_grow(struct buf *b, size_t more);

/* Makes room for this many bytes in all.  0, or -1 with ENOMEM and nothing changed. */
int buf_room(struct buf *b, size_t size);

/* Appends a number in decimal, or in base 8, 10 or 16 with leading zeros up to width, 1
 * to 64. */
void buf_number(struct buf *b, uint64_t number);
void buf_digits(struct buf *b, uint64_t number, unsigned base, unsigned width);

/* Appends a duration in its largest whole unit, "59s", "1m", "3h" or "4d". */
void buf_age(struct buf *b, uint64_t seconds);

/* Appends nanoseconds as "5 s" or "0.05 s", exactly. */
void buf_seconds(struct buf *b, uint64_t nanoseconds);

/* Appends a number of bytes in at most three digits and a unit, powers of 1024, "1.0G" or
 * "213M". */
void buf_size(struct buf *b, uint64_t bytes);

void buf_printf(struct buf *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The content as a string, which belongs to the buffer. */
const char *buf_text(struct buf *b);

void buf_free(struct buf *b);

/* These three are called for every cell of every row.  Most texts are short, and for
 * these two overlapping moves are faster than a call of memcpy(3). */
static inline void
buf_add(struct buf *b, const void *data, size_t len)
{
	const char *from = data;
	char *to;

	if (b->cap - b->len < len)
		buf_grow(b, len);
	to = b->data + b->len;
	b->len += len;
	if (len > 16) {
		memcpy(to, from, len);
	} else if (len >= 8) {
		memcpy(to, from, 8);
		memcpy(to + len - 8, from + len - 8, 8);
	} else if (len >= 4) {
		memcpy(to, from, 4);
		memcpy(to + len - 4, from + len - 4, 4);
	} else {
		for (size_t i = 0; i < len; i++)
			to[i] = from[i];
	}
}

static inline void
buf_str(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

static inline void
buf_char(struct buf *b, char c)
{
	if (b->cap == b->len)
		buf_grow(b, 1);
	b->data[b->len++] = c;
}

#endif
