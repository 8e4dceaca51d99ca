/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "object.h"

time_t
object_active(const struct object *o)
{
	facts_t times = o->have & FACTS_TIMES;
	time_t latest = 0;

	for (; times != 0; times &= times - 1) {
		time_t t = (time_t)o->fact[__builtin_ctzll(times)];

		if (t > latest)
			latest = t;
	}
	return latest;
}
