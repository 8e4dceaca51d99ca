/* SPDX-License-Identifier: GPL-3.0-or-later */

/* UTF-8: what is a character, how wide it is, and what may be shown. */

#include "lib/utf8.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static void
test_plain(void)
{
	ok(utf8_plain("", 0), "no text is plain");
	ok(utf8_plain(" azAZ09~\"\\", 10), "printable ASCII is plain");
	ok(!utf8_plain("a\x1f", 2), "a control character is not");
	ok(!utf8_plain("a\x7f", 2), "DEL is not");
	ok(!utf8_plain("\xc3\xb6", 2), "UTF-8 is not");
	ok(!utf8_plain("a\0b", 3), "NUL is not");
	ok(utf8_plain("a\n", 1), "bytes after the end do not count");
}

/* Encodes a character by the definition (RFC 3629), even an invalid one. */
static size_t
encode(unsigned long c, char *text)
{
	if (c < 0x80) {
		text[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		text[0] = (char)(0xc0 | c >> 6);
		text[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		text[0] = (char)(0xe0 | c >> 12);
		text[1] = (char)(0x80 | (c >> 6 & 0x3f));
		text[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	text[0] = (char)(0xf0 | c >> 18);
	text[1] = (char)(0x80 | (c >> 12 & 0x3f));
	text[2] = (char)(0x80 | (c >> 6 & 0x3f));
	text[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

static void
test_every_character(void)
{
	unsigned long wrong = 0;
	unsigned long cut = 0;

	for (unsigned long c = 0; c <= 0x1fffff; c++) {
		bool valid = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		char text[4];
		size_t len = encode(c, text);
		long got;
		size_t n = utf8_next(text, len, &got);

		if (valid ? n != len || got != (long)c : n != 1 || got != -1)
			wrong++;
		/* Without its last byte it is not a character. */
		if (len > 1 && (utf8_next(text, len - 1, &got) != 1 || got != -1))
			cut++;
	}
	is_uint(wrong, 0, "every character is decoded, and invalid bytes are refused");
	is_uint(cut, 0, "a truncated character is invalid");
}

static void
test_invalid(void)
{
	static const char *const texts[] = {
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc0\xaf",
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf8\x88\x80\x80\x80",
		"\xfe",
		"\xff",
		"\xc3(",
		"\xe2\x28\xa1",
		"\xe2\x82(",
		"\xf0\x9f\x98(",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		long character = 0;
		size_t n = utf8_next(texts[i], strlen(texts[i]), &character);

		ok(n == 1 && character == -1, "invalid text %zu: one byte is passed over",
			i);
	}
}

static void
test_columns(void)
{
	is_int(utf8_columns('a'), 1, "a letter takes one column");
	is_int(utf8_columns(0xf6), 1, "so does a letter with dots");
	is_int(utf8_columns(0x6728), 2, "a Han character takes two");
	is_int(utf8_columns(0x301), 0, "a combining accent takes none");
	is_int(utf8_columns(0x1b), -1, "a control character is not shown");
	is_int(utf8_columns(0x9b), -1, "nor is a control character above 127");
}

static void
test_show(void)
{
	static const struct {
		const char *text;
		const char *wanted;
		size_t columns;
	} cases[] = {
		{ "", "", 0 },
		{ "root", "root", 4 },
		{ "J\xc3\xb6rg", "J\xc3\xb6rg", 4 },
		{ "\xe6\x9c\xa8", "\xe6\x9c\xa8", 2 },
		{ "e\xcc\x81", "e\xcc\x81", 1 },
		{ "\x1b[2J", "\\x1b[2J", 7 },
		{ "a\nb\tc\x7f", "a\\x0ab\\x09c\\x7f", 15 },
		{ "\xc2\x9b", "\\xc2\\x9b", 8 },
		{ "a\xff", "a\\xff", 5 },
		{ "\xe6\x9c", "\\xe6\\x9c", 8 },
		{ "\\x1b", "\\x1b", 4 },
		/* Text with reversed direction looks like other text. */
		{ "a\xe2\x80\xa8"
		  "b",
			"a\\xe2\\x80\\xa8"
			"b",
			14 },
		{ "a\xe2\x80\xae"
		  "b",
			"a\\xe2\\x80\\xae"
			"b",
			14 },
		{ "\xe2\x81\xa6", "\\xe2\\x81\\xa6", 12 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buf b = { 0 };
		size_t columns;

		buf_str(&b, "|");
		columns = utf8_show(&b, cases[i].text, strlen(cases[i].text));
		is_str(buf_text(&b) + 1, cases[i].wanted, "shown text %zu", i);
		is_uint(columns, cases[i].columns, "... and its columns");
		buf_free(&b);
	}
}

static void
shows_contents(const char *text, size_t len, bool more, size_t done, const char *wanted)
{
	struct buf b = { 0 };

	is_uint(utf8_show_contents(&b, text, len, more), done, "%zu bytes of contents",
		done);
	is_str(buf_text(&b), wanted, "... are right");
	buf_free(&b);
}

static void
test_contents(void)
{
	shows_contents("a\tb\n", 4, false, 4, "a\tb\n");
	shows_contents("\\x41\0\033", 6, false, 6, "\\x5cx41\\x00\\x1b");
	shows_contents("\302\233\177", 3, false, 3, "\\xc2\\x9b\\x7f");
	shows_contents("\342\201\246", 3, false, 3, "\\xe2\\x81\\xa6");
	shows_contents("abc\303", 4, false, 4, "abc\\xc3");
	shows_contents("abc\303", 4, true, 1, "a");
	shows_contents("abcd\303\266", 6, true, 3, "abc");
	shows_contents("\360\237\230\200", 4, true, 4, "\360\237\230\200");
	shows_contents("\360\237\230", 3, true, 0, "");
	shows_contents("\360\237\230", 3, false, 3, "\\xf0\\x9f\\x98");
	shows_contents("", 0, false, 0, "");
}

int
main(void)
{
	test_contents();
	test_plain();
	test_every_character();
	test_invalid();
	test_columns();
	test_show();
	return done_testing();
}
