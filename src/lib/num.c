/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/num.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "lib/array.h"
#include "lib/ratio.h"

char *
num_put(char *p, uint64_t number)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	char text[20];
	char *start = text + sizeof text;

	for (; number >= 100; number /= 100) {
		start -= 2;
		memcpy(start, pairs + number % 100 * 2, 2);
	}
	if (number >= 10) {
		start -= 2;
		memcpy(start, pairs + number * 2, 2);
	} else {
		*--start = '0' + number;
	}
	memcpy(p, start, text + sizeof text - start);
	return p + (text + sizeof text - start);
}

static unsigned
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return UINT_MAX;
}

int
num_scan(const char **p, unsigned base, uint64_t max, uint64_t *number)
{
	const char *s = *p;
	uint64_t n = 0;
	unsigned d;

	if (base == 10)
		s = num_digits(s, &n);
	for (; (d = digit(*s)) < base; s++)
		if (__builtin_mul_overflow(n, base, &n) ||
			__builtin_add_overflow(n, d, &n))
			return -1;
	if (s == *p || n > max)
		return -1;
	*p = s;
	*number = n;
	return 0;
}

int
num_range(const char *text, uint64_t min, uint64_t max, uint64_t *result)
{
	uint64_t n;

	if (num_scan(&text, 10, max, &n) < 0 || *text != '\0' || n < min)
		return -1;
	*result = n;
	return 0;
}

int
num_id(const char *text, uint32_t *id)
{
	uint64_t n;

	if (num_range(text, 0, INT32_MAX, &n) < 0)
		return -1;
	*id = n;
	return 0;
}

int
num_hex_key(const char *text, uint32_t *key)
{
	const char *p = text;
	uint64_t n;

	if (num_scan(&p, 16, UINT32_MAX, &n) < 0 || *p != '\0' || p - text > 8 || n == 0)
		return -1;
	*key = n;
	return 0;
}

int
num_key(const char *text, uint32_t *key)
{
	uint64_t n;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return num_hex_key(text + 2, key);
	if (text[0] == '-') {
		if (num_range(text + 1, 1, (uint64_t)INT32_MAX + 1, &n) < 0)
			return -1;
		*key = -(uint32_t)n;
		return 0;
	}
	if (num_scan(&text, text[0] == '0' ? 8 : 10, UINT32_MAX, &n) < 0 ||
		*text != '\0' || n == 0)
		return -1;
	*key = n;
	return 0;
}

/* A decimal number with a fraction: whole + part / scale. */
struct decimal {
	uint64_t whole, part, scale;
};

static int
scan_decimal(const char **p, struct decimal *d)
{
	const char *s = *p;

	*d = (struct decimal){ .scale = 1 };
	if (num_scan(&s, 10, UINT64_MAX, &d->whole) < 0)
		return -1;
	if (*s == '.') {
		/* Nine digits of a fraction are more than any unit needs. */
		for (s++; *s >= '0' && *s <= '9'; s++)
			if (d->scale < 1000000000) {
				d->part = d->part * 10 + (*s - '0');
				d->scale *= 10;
			}
		if (d->scale == 1)
			return -1;
	}
	*p = s;
	return 0;
}

/* Adds the number times the factor to *sum, or returns -1 where that does not fit. */
static int
add_times(const struct decimal *d, uint64_t factor, uint64_t *sum)
{
	uint64_t part = ratio_scale(d->part, factor, d->scale);
	uint64_t whole;

	if (__builtin_mul_overflow(d->whole, factor, &whole) ||
		__builtin_add_overflow(whole, part, &whole) ||
		__builtin_add_overflow(*sum, whole, sum))
		return -1;
	return 0;
}

static const char size_units[] = "KMGT";

/* The place of a unit of size from 1, 0 for none. */
static unsigned
size_unit(char c)
{
	const char *unit = c == '\0' ? NULL
				     : strchr(size_units, toupper((unsigned char)c));

	return unit == NULL ? 0 : unit - size_units + 1;
}

int
num_size(const char *text, uint64_t *bytes)
{
	struct decimal d;
	uint64_t sum = 0;
	unsigned unit;

	if (scan_decimal(&text, &d) < 0)
		return -1;
	unit = size_unit(*text);
	text += unit > 0;
	if ((unit > 0 && *text != '\0' && strcasecmp(text, "ib") != 0) ||
		(unit == 0 && (*text != '\0' || d.scale > 1)) ||
		add_times(&d, UINT64_C(1) << 10 * unit, &sum) < 0)
		return -1;
	*bytes = sum;
	return 0;
}

void
num_explain_size(const char *text, struct buf *why)
{
	const char *end = text;
	uint64_t decimal = 0, binary = 0, power = 1;
	struct decimal d;
	unsigned unit;

	if (scan_decimal(&end, &d) == 0 && (unit = size_unit(*end)) > 0 &&
		strcasecmp(end + 1, "b") == 0) {
		for (unsigned i = 0; i < unit; i++)
			power *= 1000;
		if (add_times(&d, power, &decimal) == 0 &&
			add_times(&d, UINT64_C(1) << 10 * unit, &binary) == 0) {
			buf_printf(why,
				"%s is ambiguous; use %.*s%c (%" PRIu64 ") or %" PRIu64,
				text, (int)(end - text), text, size_units[unit - 1],
				binary, decimal);
			return;
		}
	}
	buf_str(why,
		"expected a number of bytes, which K, M, G or T may follow, for example "
		"64M");
}

#define SECOND UINT64_C(1000000000)

static const struct {
	char unit;
	uint64_t seconds;
	const char *names[5]; /* what else people write */
} durations[] = {
	{ 'w', 604800, { "wk", "wks", "week", "weeks" } },
	{ 'd', 86400, { "day", "days" } },
	{ 'h', 3600, { "hr", "hrs", "hour", "hours" } },
	{ 'm', 60, { "min", "mins", "minute", "minutes" } },
	{ 's', 1, { "sec", "secs", "second", "seconds" } },
};

/* A number alone is seconds; with units each is smaller than the one before. */
static int
scan_duration(const char *text, uint64_t second, uint64_t *result)
{
	uint64_t sum = 0;
	size_t from = 0;

	do {
		struct decimal d;
		size_t i = from;

		if (scan_decimal(&text, &d) < 0)
			return -1;
		if (*text == '\0' && from == 0) {
			if (add_times(&d, second, &sum) < 0)
				return -1;
			break;
		}
		while (i < ARRAY_SIZE(durations) && durations[i].unit != *text)
			i++;
		if (i == ARRAY_SIZE(durations) ||
			add_times(&d, durations[i].seconds * second, &sum) < 0)
			return -1;
		from = i + 1;
		text++;
	} while (*text != '\0');
	*result = sum;
	return 0;
}

int
num_duration(const char *text, uint64_t *seconds)
{
	return scan_duration(text, 1, seconds);
}

int
num_span(const char *text, uint64_t *nanoseconds)
{
	return scan_duration(text, SECOND, nanoseconds);
}

/* The unit that a word of len letters means, or 0. */
static char
unit_meant(const char *word, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		if (len == 1 && (word[0] | 0x20) == durations[i].unit)
			return durations[i].unit;
		for (size_t k = 0; k < ARRAY_SIZE(durations[i].names) &&
			durations[i].names[k] != NULL;
			k++)
			if (strlen(durations[i].names[k]) == len &&
				strncasecmp(durations[i].names[k], word, len) == 0)
				return durations[i].unit;
	}
	return 0;
}

/* Appends what a text means whose units are written in another way, with blanks say. */
static void
put_duration_meant(const char *text, struct buf *meant)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	while (*text != '\0') {
		size_t digits = strspn(text, "0123456789.");
		const char *word = text + digits + strspn(text + digits, " ");
		size_t len = strspn(word, letters);
		char unit = unit_meant(word, len);

		if (digits == 0 || unit == 0)
			break;
		buf_printf(meant, "%.*s%c", (int)digits, text, unit);
		text = word + len;
		text += strspn(text, " ");
	}
	/* What is left makes it something else. */
	if (*text != '\0')
		meant->len = 0;
}

void
num_explain_duration(const char *text, struct buf *why)
{
	struct buf meant = { 0 };
	uint64_t seconds;

	put_duration_meant(text, &meant);
	/* A number that is too large is written as it should be. */
	if (meant.len > 0 && strcmp(buf_text(&meant), text) != 0 &&
		num_duration(buf_text(&meant), &seconds) == 0)
		buf_printf(why, "use %s", buf_text(&meant));
	else
		buf_str(why,
			"expected a number of seconds, or numbers with s, m, h, d or w, "
			"for example 90m or 1h30m");
	buf_free(&meant);
}
