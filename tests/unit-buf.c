/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes that grow at their end. */

#include "lib/buf.h"

#include <stdio.h>

#include "tap.h"

static void
test_empty(void)
{
	struct buf b = { 0 };

	is_str(buf_text(&b), "", "an empty one is an empty text");
	is_uint(b.len, 0, "... of no length");
	buf_free(&b);
	ok(b.data == NULL && b.len == 0 && b.cap == 0, "after buf_free() it is as new");
	buf_free(&b);
	buf_add(&b, "", 0);
	is_uint(b.len, 0, "an empty text can be added to an empty one");
	buf_free(&b);
}

static void
test_growth(void)
{
	struct buf b = { 0 };
	bool same = true;

	for (unsigned i = 0; i < 100000; i++)
		buf_char(&b, (char)(i % 251));
	for (unsigned i = 0; i < 100000; i++)
		same = same && b.data[i] == (char)(i % 251);
	is_uint(b.len, 100000, "character by character");
	ok(same, "... nothing is lost");

	buf_grow(&b, 1000000);
	ok(b.cap - b.len >= 1000000, "room for a million more");
	is_uint(b.len, 100000, "... with the same length");
	buf_add(&b, "a\0b", 3);
	is_uint(b.len, 100003, "a NUL is a byte like others");
	ok(memcmp(b.data + 100000, "a\0b", 3) == 0, "... and stays");
	is_uint(strlen(buf_text(&b) + 100001), 0, "the text ends there");
	is_uint(b.len, 100003, "... which changes no length");
	buf_free(&b);
}

static void
test_pieces(void)
{
	struct buf b = { 0 };

	buf_str(&b, "one");
	buf_char(&b, ' ');
	buf_number(&b, UINT64_MAX);
	buf_printf(&b, " %s:%d", "three", -4);
	buf_str(&b, "");
	is_str(buf_text(&b), "one 18446744073709551615 three:-4",
		"pieces of several types");
	b.len = 3;
	buf_str(&b, "!");
	is_str(buf_text(&b), "one!", "it can be cut and grow again");
	buf_free(&b);
}

static void
test_sizes(void)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} sizes[] = { { 0, "0" }, { 999, "999" }, { 1024, "1.0K" }, { 1536, "1.5K" },
		{ 213 << 20, "213M" }, { UINT64_C(1) << 30, "1.0G" },
		{ UINT64_MAX, "8.0E" } };
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		b.len = 0;
		buf_size(&b, sizes[i].bytes);
		is_str(buf_text(&b), sizes[i].text, "a size as people read it");
	}
	buf_free(&b);
}

static void
test_seconds(void)
{
	static const struct {
		uint64_t nanoseconds;
		const char *text;
	} times[] = {
		{ 0, "0 s" },
		{ 1, "0.000000001 s" },
		{ 50000000, "0.05 s" },
		{ 5000000000, "5 s" },
		{ 90100000000, "90.1 s" },
		{ UINT64_MAX - 1, "18446744073.709551614 s" },
	};
	struct buf b = { 0 };

	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		b.len = 0;
		buf_seconds(&b, times[i].nanoseconds);
		is_str(buf_text(&b), times[i].text, "nanoseconds as seconds");
	}
	buf_free(&b);
}

static void
test_long_printf(void)
{
	struct buf b = { 0 };

	buf_printf(&b, "%05000d", 7);
	is_uint(b.len, 5000, "a long printf");
	ok(b.data[0] == '0' && b.data[4999] == '7', "... is whole");
	buf_free(&b);
}

static void
test_digits(void)
{
	static const struct {
		uint64_t number;
		unsigned base, width;
		const char *wanted;
	} cases[] = {
		{ 0, 8, 4, "0000" },
		{ 0640, 8, 4, "0640" },
		{ 0777, 8, 1, "777" },
		{ 0, 8, 0, "" },
		{ UINT64_MAX, 8, 0, "1777777777777777777777" },
		{ 0x52e2c1, 16, 8, "0052e2c1" },
		{ 0xffffffff, 16, 8, "ffffffff" },
		{ UINT64_MAX, 16, 2, "ffffffffffffffff" },
		{ 7, 10, 2, "07" },
		{ 123, 10, 2, "123" },
		{ UINT64_MAX, 10, 0, "18446744073709551615" },
		{ 1, 16, 64,
			"0000000000000000000000000000000000000000000000000000000000000001" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf b = { 0 };

		buf_digits(&b, cases[i].number, cases[i].base, cases[i].width);
		is_str(buf_text(&b), cases[i].wanted, "digits in base %u, at least %u",
			cases[i].base, cases[i].width);
		buf_free(&b);
	}
}

int
main(void)
{
	test_empty();
	test_growth();
	test_pieces();
	test_sizes();
	test_seconds();
	test_long_printf();
	test_digits();
	return done_testing();
}
