/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/num.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

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

/*
 * Parses a decimal number with an optional unit as its last character.  Each unit has a
 * factor; without a unit the default factor applies.  A fraction is valid if the factor
 * is above 1.
 */
static int
scan_units(const char *text, const char *units, const uint64_t *factors, uint64_t factor,
	uint64_t *result)
{
	uint64_t whole, part = 0, scale = 1;
	const char *unit;

	if (num_scan(&text, 10, UINT64_MAX, &whole) < 0)
		return -1;
	if (*text == '.') {
		/* No unit needs more than nine digits of a fraction. */
		for (text++; *text >= '0' && *text <= '9'; text++)
			if (scale < 1000000000) {
				part = part * 10 + (*text - '0');
				scale *= 10;
			}
		if (scale == 1 || (*text == '\0' && factor == 1))
			return -1;
	}
	if (*text != '\0') {
		unit = strchr(units, *text);
		if (unit == NULL || text[1] != '\0')
			return -1;
		factor = factors[unit - units];
	}
	part = (uint64_t)((__uint128_t)part * factor / scale);
	if (__builtin_mul_overflow(whole, factor, &whole) ||
		__builtin_add_overflow(whole, part, &whole))
		return -1;
	*result = whole;
	return 0;
}

int
num_size(const char *text, uint64_t *bytes)
{
	static const uint64_t factors[] = { UINT64_C(1) << 10, UINT64_C(1) << 20,
		UINT64_C(1) << 30, UINT64_C(1) << 40 };

	return scan_units(text, "KMGT", factors, 1, bytes);
}

int
num_age(const char *text, uint64_t *seconds)
{
	static const uint64_t factors[] = { 1, 60, 3600, 86400, 604800 };

	return scan_units(text, "smhdw", factors, 1, seconds);
}

#define SECOND UINT64_C(1000000000)

int
num_span(const char *text, uint64_t *nanoseconds)
{
	static const uint64_t factors[] = { SECOND, 60 * SECOND, 3600 * SECOND,
		86400 * SECOND, 604800 * SECOND };

	return scan_units(text, "smhdw", factors, SECOND, nanoseconds);
}
