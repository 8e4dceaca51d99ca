/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/limit-text.h"

void
limit_text_sysctl(const struct limit *l, struct buf *text)
{
	static const char *const ordinals[LIMIT_NUMBERS] = { "1st", "2nd", "3rd", "4th" };

	buf_str(text, l->sysctl);
	if (l->position > 0)
		buf_printf(text, ", %s of %d", ordinals[l->position - 1], LIMIT_NUMBERS);
}
