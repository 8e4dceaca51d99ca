/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Products that 64 bits do not hold are exact. */

#include "lib/ratio.h"

#include <stddef.h>

#include "tap.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static void
test_scale(void)
{
	static const struct {
		uint64_t number, factor, divisor, wanted;
	} cases[] = {
		{ 0, 100, 1, 0 },
		{ 7, 100, 8, 87 },
		{ UINT64_MAX, 1, 1, UINT64_MAX },
		{ UINT64_MAX, 100, UINT64_MAX, 100 },
		{ UINT64_MAX - 1, 100, UINT64_MAX, 99 },
		{ UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX },
		{ UINT64_MAX, UINT64_MAX - 1, UINT64_MAX, UINT64_MAX - 1 },
		{ UINT64_MAX, 10000, 1000000007, 184467439445823 },
		{ UINT64_C(0xfedcba9876543210), UINT64_C(0x123456789abcdef0),
			UINT64_C(0xffffffff00000001), UINT64_C(0x121fa00ae99d142c) },
		{ UINT64_MAX, UINT64_C(0x8000000000000000), UINT64_C(0x8000000000000001),
			UINT64_C(0xfffffffffffffffd) },
		{ UINT64_C(1) << 63, 2, 1, UINT64_MAX },
		{ UINT64_MAX, 2, 1, UINT64_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		is_uint(ratio_scale(cases[i].number, cases[i].factor, cases[i].divisor),
			cases[i].wanted, "scale %llu * %llu / %llu",
			(unsigned long long)cases[i].number,
			(unsigned long long)cases[i].factor,
			(unsigned long long)cases[i].divisor);
}

static void
test_compare(void)
{
	static const struct {
		uint64_t a, b, c, d;
		int wanted;
	} cases[] = {
		{ 1, 2, 2, 4, 0 },
		{ 1, 3, 1, 2, -1 },
		{ 9, 10, 89, 100, 1 },
		{ 0, 5, 0, 7, 0 },
		{ UINT64_MAX, UINT64_MAX, 100, 100, 0 },
		{ UINT64_MAX - 1, UINT64_MAX, 100, 100, -1 },
		{ UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 1, UINT64_MAX, 1 },
		{ UINT64_MAX - 2, UINT64_MAX - 1, UINT64_MAX - 1, UINT64_MAX, -1 },
		{ UINT64_C(0x100000000), 1, UINT64_C(0x100000000), 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		is_int(ratio_compare(cases[i].a, cases[i].b, cases[i].c, cases[i].d),
			cases[i].wanted, "compare %llu / %llu with %llu / %llu",
			(unsigned long long)cases[i].a, (unsigned long long)cases[i].b,
			(unsigned long long)cases[i].c, (unsigned long long)cases[i].d);
}

/* Where the compiler has 128 bits, they are the judge. */
static void
test_many(void)
{
#ifdef __SIZEOF_INT128__
	uint64_t n[4] = { 1, 2, 3, 4 }, seed = 1;
	size_t wrong = 0;

	for (size_t i = 0; i < 100000; i++) {
		__extension__ unsigned __int128 product, other, scaled;

		for (size_t k = 0; k < ARRAY_SIZE(n); k++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			n[k] = (seed >> (seed >> 58)) | 1;
		}
		product = n[0];
		product *= n[1];
		scaled = product / n[2];
		if (scaled > UINT64_MAX)
			scaled = UINT64_MAX;
		wrong += ratio_scale(n[0], n[1], n[2]) != (uint64_t)scaled;
		other = n[2];
		other *= n[3];
		wrong += ratio_compare(n[0], n[3], n[2], n[1]) !=
			(product > other) - (product < other);
	}
	is_uint(wrong, 0, "100000 random numbers");
#else
	skip("the compiler has no integers of 128 bits");
#endif
}

int
main(void)
{
	test_scale();
	test_compare();
	test_many();
	return done_testing();
}
