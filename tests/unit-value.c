/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Values as text. The oracle for times is gmtime_r(3). */

#include "output/value.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define DAY INT64_C(86400)
#define YEAR_0 (-INT64_C(62167219200))
#define YEAR_1970 INT64_C(0)
#define YEAR_2400 INT64_C(13569465600)
#define YEAR_10000 INT64_C(253402300800)

static const char *
by_gmtime(int64_t time, char text[64])
{
	time_t t = time;
	struct tm tm;

	gmtime_r(&t, &tm);
	snprintf(text, 64, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return text;
}

/* Whether a time equals the result of gmtime_r(3); reports the first that does not. */
static bool
is_right(int64_t time, bool told)
{
	struct buf b = { 0 };
	char wanted[64];
	bool right;

	value_utc(&b, time);
	right = strcmp(buf_text(&b), by_gmtime(time, wanted)) == 0;
	if (!right && !told)
		diag("%lld: got %s, wanted %s", (long long)time, buf_text(&b), wanted);
	buf_free(&b);
	return right;
}

/* Compares the times from first up to end in steps. */
static void
compare(int64_t first, int64_t end, int64_t step, const char *name)
{
	unsigned long wrong = 0;

	for (int64_t time = first; time < end; time += step)
		wrong += !is_right(time, wrong > 0);
	is_uint(wrong, 0, "%s", name);
}

static void
test_utc(void)
{
	struct buf b = { 0 };

	value_utc(&b, 951782400);
	is_str(buf_text(&b), "2000-02-29T00:00:00Z", "a leap day");
	b.len = 0;
	value_utc(&b, YEAR_10000 - 1);
	is_str(buf_text(&b), "9999-12-31T23:59:59Z", "the last second of year 9999");
	b.len = 0;
	value_utc(&b, INT64_MAX);
	is_uint(b.len, strlen("YYYY-MM-DDThh:mm:ssZ"), "the last time has its length");
	buf_free(&b);

	/* The calendar repeats every 400 years. */
	compare(YEAR_1970, YEAR_2400, DAY, "the first second of every day up to 2400");
	compare(YEAR_1970 + DAY - 1, YEAR_2400, DAY, "the last second of every day");
	compare(YEAR_1970, YEAR_10000, 11 * 86413,
		"all times of the day, one after the other");
	compare(YEAR_1970, DAY, 1, "every second of a day");
	compare(INT64_C(2147483647) - 3600, INT64_C(2147483647) + 3600, 1,
		"every second around the end of 32 bits");
	compare(YEAR_0, YEAR_1970, 7 * DAY - 1, "times before 1970");
}

/* The text of a value for people or for programs. */
static void
is_text(struct value v, bool people, const char *wanted, const char *name)
{
	struct style style = { .people = people, .now = 1000000 };
	struct buf b = { 0 };

	value_text(&v, &style, &b);
	is_str(buf_text(&b), wanted, "%s", name);
	buf_free(&b);
}

static void
test_numbers(void)
{
	is_text((struct value){ VALUE_NUMBER, .number = UINT64_MAX }, true,
		"18446744073709551615", "a number");
	is_text((struct value){ VALUE_SIZE, .number = 1048576 }, true, "1.0M", "a size");
	is_text((struct value){ VALUE_SIZE, .number = 1048576 }, false, "1048576",
		"a size for programs");
	is_text((struct value){ VALUE_SIZE, .number = UINT64_MAX }, false,
		"18446744073709551615", "the largest size");
	is_text((struct value){ VALUE_MODE, .number = 0 }, true, "0000", "mode 0");
	is_text((struct value){ VALUE_MODE, .number = 0640 }, true, "0640", "a mode");
	is_text((struct value){ VALUE_SECONDS, .number = 59 }, true, "59s", "seconds");
	is_text((struct value){ VALUE_SECONDS, .number = 7200 }, true, "2h", "hours");
	is_text((struct value){ VALUE_SECONDS, .number = 90000 }, false, "90000",
		"a duration for programs");
	is_text((struct value){ VALUE_KEY, .number = 0 }, true, "0x00000000", "key 0");
	is_text((struct value){ VALUE_KEY, .number = 0xffffffff }, true, "0xffffffff",
		"the highest key");
}

static void
test_ages(void)
{
	static const struct {
		int64_t time;
		const char *age;
	} cases[] = {
		{ 1000000, "0s" },
		{ 1000001, "0s" }, /* in the future, because a clock was set back */
		{ 2000000, "0s" },
		{ 1000000 - 59, "59s" },
		{ 1000000 - 60, "1m" },
		{ 1000000 - 3599, "59m" },
		{ 1000000 - 3600, "1h" },
		{ 1000000 - 86399, "23h" },
		{ 1000000 - 86400, "1d" },
		{ 1, "11d" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		is_text((struct value){ VALUE_AGE, .number = (uint64_t)cases[i].time },
			true, cases[i].age, "an age");
}

static void
test_lists(void)
{
	is_text((struct value){ VALUE_LIST, .list = { .count = 0 } }, true, "",
		"a list without words");
	is_text((struct value){ VALUE_LIST, .list = { { "dest" }, 1 } }, true, "dest",
		"a list of one word");
	is_text((struct value){ VALUE_LIST, .list = { { "dest", "locked" }, 2 } }, true,
		"dest,locked", "a list of two words");
}

int
main(void)
{
	test_utc();
	test_numbers();
	test_ages();
	test_lists();
	return done_testing();
}
