/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/percent.h"

#include <stdbool.h>

#include "lib/utf8.h"

static bool
is_letter_or_digit(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Whether a character stands for itself in a reference. */
static bool
is_kept(const char *text, size_t len, long character, const char *also)
{
	struct buf shown = { 0 };
	bool kept;

	if (character >= 0 && character < 0x80)
		return is_letter_or_digit(character) ||
			(character != 0 &&
				(strchr("_.,+:=-", character) != NULL ||
					strchr(also, character) != NULL));
	/* What people see as it is. */
	utf8_show(&shown, text, len);
	kept = shown.len == len && memcmp(shown.data, text, len) == 0;
	buf_free(&shown);
	return kept;
}

static void
put_hex(struct buf *b, unsigned char byte)
{
	static const char digits[] = "0123456789ABCDEF";

	buf_char(b, '%');
	buf_char(b, digits[byte >> 4]);
	buf_char(b, digits[byte & 15]);
}

void
percent_put(struct buf *b, const char *name, const char *also)
{
	size_t len = strlen(name);
	size_t n;

	for (; len > 0; name += n, len -= n) {
		long character;

		n = utf8_next(name, len, &character);
		if (is_kept(name, n, character, also)) {
			buf_add(b, name, n);
			continue;
		}
		for (size_t i = 0; i < n; i++)
			put_hex(b, name[i]);
	}
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

int
percent_take(const char **p, unsigned char *byte)
{
	int high = hex_digit(**p), low = high < 0 ? -1 : hex_digit((*p)[1]);

	if (low < 0)
		return -1;
	*byte = high << 4 | low;
	*p += 2;
	return 0;
}
