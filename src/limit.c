/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limit.h"

int
limits_copy(struct limit *to, size_t max, const struct limit *from)
{
	size_t n;

	for (n = 0; n < max && from[n].name != NULL; n++)
		to[n] = from[n];
	return n;
}
