/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/xalloc.h"

void
fuzz_fail(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

unsigned
input_byte(struct input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->data++;
}

uint64_t
input_number(struct input *in)
{
	uint64_t number = 0;

	for (int i = 0; i < 8; i++)
		number |= (uint64_t)input_byte(in) << 8 * i;
	return number;
}

/* Takes this many bytes, as a string. */
static char *
take(struct input *in, size_t len)
{
	char *text = xcalloc(len + 1, 1);

	if (len > 0)
		memcpy(text, in->data, len);
	in->data += len;
	in->left -= len;
	return text;
}

char *
input_rest(struct input *in)
{
	return take(in, in->left);
}

char *
input_until(struct input *in, char separator)
{
	const uint8_t *end = in->left == 0 ? NULL : memchr(in->data, separator, in->left);
	char *text;

	if (end == NULL)
		return input_rest(in);
	text = take(in, end - in->data);
	input_byte(in);
	return text;
}

const char *
fuzz_file(const void *data, size_t len)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	}
	if (fd < 0 || ftruncate(fd, 0) < 0 || pwrite(fd, data, len, 0) != (ssize_t)len)
		err(1, "cannot make a file");
	return path;
}

size_t
fuzz_character(const char *text, size_t len)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = *text;
	size_t n = c < 0x80    ? 1
		: c >> 5 == 6  ? 2
		: c >> 4 == 14 ? 3
		: c >> 3 == 30 ? 4
			       : 0;
	uint32_t character = n == 1 ? c : c & (0x7f >> n);

	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (text[i] & 0x3f);
	}
	if (n == 0 || character < least[n] || character > 0x10ffff ||
		(character >= 0xd800 && character <= 0xdfff))
		return 0;
	return n;
}

bool
fuzz_is_clean(const char *text, size_t len, const char *allowed)
{
	for (size_t n; len > 0; text += n, len -= n) {
		unsigned char c = *text;

		n = fuzz_character(text, len);
		if (n == 0 || c == 0)
			return false;
		if ((c < ' ' || c == 0x7f) && strchr(allowed, c) == NULL)
			return false;
		/* U+0080 to U+009F */
		if (c == 0xc2 && (unsigned char)text[1] < 0xa0)
			return false;
	}
	return true;
}

void
fuzz_put_replaced(struct buf *b, const char *text, size_t len)
{
	for (size_t n; len > 0; text += n, len -= n) {
		n = fuzz_character(text, len);
		if (n > 0) {
			buf_add(b, text, n);
			continue;
		}
		buf_str(b, "\xef\xbf\xbd");
		n = 1;
	}
}

/* The value of two digits, or -1. */
static int
hex_byte(const char *text)
{
	char digits[] = { text[0], text[1], '\0' };

	return strspn(digits, "0123456789abcdef") < 2 ? -1
						      : (int)strtol(digits, NULL, 16);
}

void
fuzz_put_unescaped(struct buf *b, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		int byte = end - text >= 4 && text[0] == '\\' && text[1] == 'x'
			? hex_byte(text + 2)
			: -1;

		buf_char(b, byte < 0 ? *text : (char)byte);
		text += byte < 0 ? 1 : 4;
	}
}

bool
fuzz_has(const struct buf *b, const void *data, size_t len)
{
	return b->len == len && (len == 0 || memcmp(b->data, data, len) == 0);
}
