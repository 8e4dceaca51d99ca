/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/set.h"

#include <limits.h>
#include <string.h>

#include "lib/num.h"

int
sem_change_parse(const char *text, struct sem_change *change, struct buf *cause)
{
	uint64_t num, by;
	char sign;

	if (num_scan(&text, 10, USHRT_MAX, &num) < 0) {
		buf_str(cause,
			"expected the number of a semaphore first, from 0 to "
			"65535");
		return -1;
	}
	sign = *text;
	if (sign == '=' && strcmp(text, "=0") == 0) {
		*change = (struct sem_change){ num, 0 };
		return 0;
	}
	if ((sign == '+' || sign == '-') && num_range(text + 1, 1, SHRT_MAX, &by) == 0) {
		*change = (struct sem_change){ num, sign == '+' ? by : -by };
		return 0;
	}
	buf_str(cause,
		"expected N+V or N-V, with V from 1 to 32767, or N=0, which waits "
		"for zero");
	return -1;
}
