/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/ratio.h"

#include <stdbool.h>

struct product {
	uint64_t high, low;
};

static struct product
multiply(uint64_t a, uint64_t b)
{
	uint64_t a_high = a >> 32, a_low = a & UINT32_MAX;
	uint64_t b_high = b >> 32, b_low = b & UINT32_MAX;
	uint64_t low = a_low * b_low;
	/* (2^32-1)^2 + 2^32-1 is below 2^64. */
	uint64_t middle = a_high * b_low + (low >> 32);
	uint64_t other = a_low * b_high + (middle & UINT32_MAX);

	return (struct product){ a_high * b_high + (middle >> 32) + (other >> 32),
		other << 32 | (low & UINT32_MAX) };
}

uint64_t
ratio_scale(uint64_t number, uint64_t factor, uint64_t divisor)
{
	struct product p = multiply(number, factor);
	uint64_t rest = p.high, quotient = 0;

	if (p.high >= divisor)
		return UINT64_MAX;
	if (p.high == 0)
		return p.low / divisor;
	for (int bit = 63; bit >= 0; bit--) {
		bool carries = rest >> 63;

		rest = rest << 1 | (p.low >> bit & 1);
		quotient <<= 1;
		if (carries || rest >= divisor) {
			rest -= divisor;
			quotient |= 1;
		}
	}
	return quotient;
}

int
ratio_compare(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	struct product x = multiply(a, d), y = multiply(c, b);

	if (x.high != y.high)
		return x.high < y.high ? -1 : 1;
	return (x.low > y.low) - (x.low < y.low);
}
