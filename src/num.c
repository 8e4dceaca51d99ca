/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num.h"

#include <limits.h>
#include <stddef.h>

char *
num_put(char *p, uint64_t number)
{
	uint64_t rest = number;
	size_t digits = 1;

	while ((rest /= 10) != 0)
		digits++;
	for (size_t i = digits; i > 0; i--, number /= 10)
		p[i - 1] = '0' + number % 10;
	return p + digits;
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

	/* 19 decimal digits cannot overflow: nearly every number of a long listing. */
	if (base == 10)
		for (; s - *p < 19 && (d = (unsigned)*s - '0') < 10; s++)
			n = n * 10 + d;
	for (; (d = digit(*s)) < base; s++)
		if (__builtin_mul_overflow(n, base, &n) || __builtin_add_overflow(n, d, &n))
			return -1;
	if (s == *p || n > max)
		return -1;
	*p = s;
	*number = n;
	return 0;
}
