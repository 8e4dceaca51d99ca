/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/utf8.h"

#include <locale.h>
#include <wchar.h>

bool
utf8_plain(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

/* The locale for decoding, or 0 if the C library has none; then no byte above 127 is part
 * of a valid character. */
static locale_t
utf8_locale(void)
{
	static locale_t locale;

	if (locale == (locale_t)0)
		locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return locale;
}

size_t
utf8_next(const char *text, size_t len, long *character)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	locale_t old;
	size_t n;

	if ((unsigned char)*text < 0x80) {
		*character = (unsigned char)*text;
		return 1;
	}
	old = uselocale(utf8_locale());
	n = mbrtowc(&wide, text, len, &state);
	uselocale(old);
	if (n == (size_t)-1 || n == (size_t)-2 || (wide >= 0xd800 && wide <= 0xdfff) ||
		wide > 0x10ffff) {
		*character = -1;
		return 1;
	}
	*character = wide;
	return n;
}

int
utf8_columns(long character)
{
	locale_t old;
	int columns;

	if (character >= ' ' && character <= '~')
		return 1;
	old = uselocale(utf8_locale());
	columns = wcwidth((wchar_t)character);
	uselocale(old);
	return columns;
}

/* Whether a character separates lines, or changes the direction of the text after it.  In
 * musl the separators have columns, as letters do. */
static bool
disarranges(long character)
{
	return character == 0x061c || character == 0x200e || character == 0x200f ||
		(character >= 0x2028 && character <= 0x202e) ||
		(character >= 0x2066 && character <= 0x2069);
}

static void
put_escaped(struct buf *b, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		buf_str(b, "\\x");
		buf_digits(b, (unsigned char)text[i], 16, 2);
	}
}

/* The number of columns of a character that is safe for a terminal, or -1. */
static int
safe_columns(long character)
{
	return character <= 0 || disarranges(character) ? -1 : utf8_columns(character);
}

size_t
utf8_show(struct buf *b, const char *text, size_t len)
{
	size_t columns = 0;
	size_t n;

	if (utf8_plain(text, len)) {
		buf_add(b, text, len);
		return len;
	}
	for (; len > 0; text += n, len -= n) {
		long character;
		int wide;

		n = utf8_next(text, len, &character);
		wide = safe_columns(character);
		if (wide >= 0) {
			buf_add(b, text, n);
			columns += wide;
			continue;
		}
		put_escaped(b, text, n);
		columns += 4 * n;
	}
	return columns;
}

size_t
utf8_show_contents(struct buf *b, const char *text, size_t len, bool more)
{
	size_t done, n;

	for (done = 0; done < len; done += n) {
		long character;

		if (more && len - done < UTF8_BYTES_MAX)
			break;
		n = utf8_next(text + done, len - done, &character);
		if (character == '\n' || character == '\t' ||
			(character != '\\' && safe_columns(character) >= 0))
			buf_add(b, text + done, n);
		else
			put_escaped(b, text + done, n);
	}
	return done;
}
