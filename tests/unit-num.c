/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Strict numbers: a text is accepted if all of it is a number that fits, else
 * rejected. */

#include "lib/num.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

enum { UNTOUCHED = 77 };

static void
test_put(void)
{
	static const uint64_t numbers[] = { 0, 1, 9, 10, 99, 100, 4294967295, 4294967296,
		9999999999999999999u, 10000000000000000000u, UINT64_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		char text[21];
		char wanted[21];

		*num_put(text, numbers[i]) = '\0';
		snprintf(wanted, sizeof wanted, "%llu", (unsigned long long)numbers[i]);
		is_str(text, wanted, "num_put %s", wanted);
	}
}

static void
test_scan(void)
{
	static const struct {
		const char *text;
		unsigned base;
		uint64_t max;
		uint64_t number; /* the result */
		int used; /* its length in characters; -1 if rejected */
	} cases[] = {
		{ "0", 10, UINT64_MAX, 0, 1 },
		{ "00012", 10, UINT64_MAX, 12, 5 },
		{ "12 34", 10, UINT64_MAX, 12, 2 },
		{ "12ab", 10, UINT64_MAX, 12, 2 },
		{ "255", 10, 255, 255, 3 },
		{ "256", 10, 255, 0, -1 },
		{ "0", 10, 0, 0, 1 },
		{ "1", 10, 0, 0, -1 },
		{ "999999999999999999", 10, UINT64_MAX, 999999999999999999u, 18 },
		{ "9999999999999999999", 10, UINT64_MAX, 9999999999999999999u, 19 },
		{ "18446744073709551615", 10, UINT64_MAX, UINT64_MAX, 20 },
		{ "18446744073709551616", 10, UINT64_MAX, 0, -1 },
		{ "18446744073709551620", 10, UINT64_MAX, 0, -1 },
		{ "99999999999999999999", 10, UINT64_MAX, 0, -1 },
		{ "184467440737095516150", 10, UINT64_MAX, 0, -1 },
		{ "000000000000000000000000042", 10, UINT64_MAX, 42, 27 },
		{ "", 10, UINT64_MAX, 0, -1 },
		{ " 1", 10, UINT64_MAX, 0, -1 },
		{ "+1", 10, UINT64_MAX, 0, -1 },
		{ "-1", 10, UINT64_MAX, 0, -1 },
		{ "x", 10, UINT64_MAX, 0, -1 },
		{ "/", 10, UINT64_MAX, 0, -1 },
		{ ":", 10, UINT64_MAX, 0, -1 },
		{ "777", 8, 0777, 0777, 3 },
		{ "7778", 8, UINT64_MAX, 0777, 3 },
		{ "8", 8, UINT64_MAX, 0, -1 },
		{ "1777777777777777777777", 8, UINT64_MAX, UINT64_MAX, 22 },
		{ "2000000000000000000000", 8, UINT64_MAX, 0, -1 },
		{ "fF0", 16, UINT64_MAX, 0xff0, 3 },
		{ "0x10", 16, UINT64_MAX, 0, 1 },
		{ "g", 16, UINT64_MAX, 0, -1 },
		{ "@", 16, UINT64_MAX, 0, -1 },
		{ "ffffffffffffffff", 16, UINT64_MAX, UINT64_MAX, 16 },
		{ "10000000000000000", 16, UINT64_MAX, 0, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *p = cases[i].text;
		uint64_t number = UNTOUCHED;
		int rc = num_scan(&p, cases[i].base, cases[i].max, &number);

		is_int(rc, cases[i].used < 0 ? -1 : 0, "num_scan '%s' in base %u",
			cases[i].text, cases[i].base);
		is_int(p - cases[i].text, rc < 0 ? 0 : cases[i].used, "... moves");
		is_uint(number, rc < 0 ? UNTOUCHED : cases[i].number, "... gives");
	}
}

/* Texts that num_id() or num_key() accepts, and texts that they reject. */
static void
test_ids_and_keys(void)
{
	static const struct {
		const char *text;
		int64_t id; /* -1 if rejected */
		int64_t key;
	} cases[] = {
		{ "0", 0, -1 },
		{ "1", 1, 1 },
		{ "2147483647", 2147483647, 2147483647 },
		{ "2147483648", -1, 2147483648 },
		{ "4294967295", -1, 4294967295 },
		{ "4294967296", -1, -1 },
		{ "8589934591", -1, -1 },
		{ "18446744073709551617", -1, -1 },
		{ "-1", -1, 4294967295 },
		{ "-2147483648", -1, 2147483648 },
		{ "-2147483649", -1, -1 },
		{ "-0", -1, -1 },
		{ "-0x1", -1, -1 },
		{ "--1", -1, -1 },
		{ "0x1", -1, 1 },
		{ "0xffffffff", -1, 4294967295 },
		{ "0x", -1, -1 },
		{ "0x100000000", -1, -1 },
		{ "0x1deadbeef", -1, -1 },
		{ "0x0", -1, -1 },
		{ "010", 10, 8 },
		{ "037777777777", -1, 4294967295 },
		{ "040000000000", -1, -1 },
		{ "08", 8, -1 },
		{ "", -1, -1 },
		{ " 1", -1, -1 },
		{ "1 ", -1, -1 },
		{ "+1", -1, -1 },
		{ "1k", -1, -1 },
		{ "abc", -1, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t number = UNTOUCHED;
		int rc = num_id(cases[i].text, &number);

		is_int(rc, cases[i].id < 0 ? -1 : 0, "num_id '%s'", cases[i].text);
		is_int(number, rc < 0 ? UNTOUCHED : cases[i].id, "... gives");
		number = UNTOUCHED;
		rc = num_key(cases[i].text, &number);
		is_int(rc, cases[i].key < 0 ? -1 : 0, "num_key '%s'", cases[i].text);
		is_int(number, rc < 0 ? UNTOUCHED : cases[i].key, "... gives");
	}
}

static void
test_sizes(void)
{
	static const struct {
		const char *text;
		uint64_t bytes; /* UINT64_MAX if rejected */
	} cases[] = {
		{ "0", 0 },
		{ "1", 1 },
		{ "18446744073709551614", 18446744073709551614u },
		{ "1K", 1024 },
		{ "1M", 1 << 20 },
		{ "1G", 1 << 30 },
		{ "1T", UINT64_C(1) << 40 },
		{ "1.5K", 1536 },
		{ "0.5M", 512 << 10 },
		{ "16777215T", UINT64_C(16777215) << 40 },
		{ "16777216T", UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX },
		{ "1.5", UINT64_MAX },
		{ "", UINT64_MAX },
		{ "K", UINT64_MAX },
		{ "-1", UINT64_MAX },
		{ "-1K", UINT64_MAX },
		{ "+1K", UINT64_MAX },
		{ " 1K", UINT64_MAX },
		{ "1 K", UINT64_MAX },
		{ "1 ", UINT64_MAX },
		{ "1KK", UINT64_MAX },
		{ "1k", 1024 },
		{ "2m", 2 << 20 },
		{ "1g", 1 << 30 },
		{ "1t", UINT64_C(1) << 40 },
		{ "1KiB", 1024 },
		{ "1.5mib", 1536 << 10 },
		{ "1GIB", 1 << 30 },
		{ "1tIb", UINT64_C(1) << 40 },
		{ "1KB", UINT64_MAX },
		{ "1kb", UINT64_MAX },
		{ "1TB", UINT64_MAX },
		{ "1Ki", UINT64_MAX },
		{ "1KiBs", UINT64_MAX },
		{ "1B", UINT64_MAX },
		{ "1iB", UINT64_MAX },
		{ "1E", UINT64_MAX },
		{ "0x10", UINT64_MAX },
		{ "1e3", UINT64_MAX },
		{ ".K", UINT64_MAX },
		{ "1..5K", UINT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t bytes = UNTOUCHED;
		int rc = num_size(cases[i].text, &bytes);

		is_int(rc, cases[i].bytes == UINT64_MAX ? -1 : 0, "num_size '%s'",
			cases[i].text);
		is_uint(bytes, rc < 0 ? UNTOUCHED : cases[i].bytes, "... gives");
	}
}

static void
test_ages(void)
{
	static const struct {
		const char *text;
		uint64_t seconds; /* UINT64_MAX if rejected */
	} cases[] = {
		{ "0", 0 },
		{ "60", 60 },
		{ "60s", 60 },
		{ "90m", 5400 },
		{ "1.5h", 5400 },
		{ "0.25d", 21600 },
		{ "2w", 1209600 },
		{ "0.5s", 0 },
		{ "0.001h", 3 },
		{ "1.9999999999s", 1 },
		{ "18446744073709551614", 18446744073709551614u },
		{ "30500568904943w", UINT64_C(30500568904943) * 604800 },
		{ "30500568904944w", UINT64_MAX },
		{ "1.5", 1 },
		{ "1h30m", 5400 },
		{ "1w2d3h4m5s", 788645 },
		{ "1.5h0.5m", 5430 },
		{ "30m1h", UINT64_MAX },
		{ "1h1h", UINT64_MAX },
		{ "1h30", UINT64_MAX },
		{ "18446744073709551615s1s", UINT64_MAX },
		{ "18446744073709551600m", UINT64_MAX },
		{ "", UINT64_MAX },
		{ "h", UINT64_MAX },
		{ "1y", UINT64_MAX },
		{ "1H", UINT64_MAX },
		{ "1M", UINT64_MAX },
		{ "-1h", UINT64_MAX },
		{ "1 h", UINT64_MAX },
		{ "1.h", UINT64_MAX },
		{ "1,5h", UINT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint64_t seconds = UNTOUCHED;
		int rc = num_duration(cases[i].text, &seconds);

		is_int(rc, cases[i].seconds == UINT64_MAX ? -1 : 0, "num_duration '%s'",
			cases[i].text);
		is_uint(seconds, rc < 0 ? UNTOUCHED : cases[i].seconds, "... gives");
	}
}

/* Compares what is said of a text that is none. */
static void
explains(void (*explain)(const char *text, struct buf *why), const char *text,
	const char *wanted)
{
	struct buf why = { 0 };

	explain(text, &why);
	is_str(buf_text(&why), wanted, "'%s' is explained", text);
	buf_free(&why);
}

static void
test_explain(void)
{
	static const char size[] = "expected a number of bytes, which K, M, G or T may "
				   "follow, for example 64M";
	static const char duration[] = "expected a number of seconds, or numbers with s, "
				       "m, h, d or w, for example 90m or 1h30m";

	explains(num_explain_size, "1KB", "1KB is ambiguous; use 1K (1024) or 1000");
	explains(num_explain_size, "1.5mb",
		"1.5mb is ambiguous; use 1.5M (1572864) or 1500000");
	explains(num_explain_size, "2TB",
		"2TB is ambiguous; use 2T (2199023255552) or 2000000000000");
	explains(num_explain_size, "99999999TB", size);
	explains(num_explain_size, "1 K", size);
	explains(num_explain_size, "", size);
	explains(num_explain_duration, "5min", "use 5m");
	explains(num_explain_duration, "2hours", "use 2h");
	explains(num_explain_duration, "1 h", "use 1h");
	explains(num_explain_duration, "1 Hour 30 mins", "use 1h30m");
	explains(num_explain_duration, "7D", "use 7d");
	explains(num_explain_duration, "1.5weeks", "use 1.5w");
	explains(num_explain_duration, "30m1h", duration);
	explains(num_explain_duration, "1h30", duration);
	explains(num_explain_duration, "5minx", duration);
	explains(num_explain_duration, "", duration);
}

int
main(void)
{
	test_put();
	test_scan();
	test_ids_and_keys();
	test_sizes();
	test_ages();
	test_explain();
	return done_testing();
}
