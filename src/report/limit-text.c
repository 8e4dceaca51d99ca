/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/limit-text.h"

#include <inttypes.h>

void
limit_text_sysctl(const struct limit *l, struct buf *text)
{
	static const char *const ordinals[LIMIT_NUMBERS] = { "1st", "2nd", "3rd", "4th" };

	buf_str(text, l->sysctl);
	if (l->position > 0)
		buf_printf(text, ", %s of %d", ordinals[l->position - 1], LIMIT_NUMBERS);
}

/* The value to which a limit should be raised. */
static uint64_t
raised(const struct limit *l, uint64_t wanted, uint64_t most)
{
	uint64_t needed, twice;

	if (__builtin_add_overflow(l->used, wanted, &needed) ||
		__builtin_add_overflow(l->limit, l->limit, &twice))
		return most;
	if (twice < needed)
		twice = needed;
	return twice < most ? twice : most;
}

/* Appends the command that sets a sysctl. */
static void
put_setting(const struct limit *l, uint64_t number, struct buf *text)
{
	buf_printf(text, "sysctl -w %s=", l->sysctl);
	if (l->position == 0) {
		buf_number(text, number);
		return;
	}
	for (unsigned i = 0; i < LIMIT_NUMBERS; i++) {
		buf_char(text, i == 0 ? '"' : ' ');
		buf_number(text, i + 1 == l->position ? number : l->numbers[i]);
	}
	buf_char(text, '"');
}

bool
limit_text_raise(const struct kind *kind, const struct limit *l, const struct ipcns *ns,
	uint64_t wanted, struct buf *text)
{
	struct limit_most most = { .number = UINT64_MAX };
	uint64_t number;

	if (l->most != NULL)
		most = l->most(l->limit);
	number = raised(l, wanted, most.number);

	if (l->limit >= most.number) {
		buf_printf(text,
			"%s is at the kernel's maximum (%" PRIu64
			"%s%s); remove objects, see ipctool list %s --by=owner",
			l->name, most.number, most.hint != NULL ? "; " : "",
			most.hint != NULL ? most.hint : "", kind->name);
		return false;
	}
	if (l->mount_option != NULL) {
		buf_printf(text, "%smount -o remount,%s=%" PRIu64 " %s",
			l->entering != NULL ? l->entering : "", l->mount_option, number,
			l->mount_point);
		return true;
	}
	put_setting(l, number, text);
	/* Each IPC namespace has its own settings. */
	if (ns != NULL && !ns->is_own)
		buf_str(text, " in that IPC namespace");
	return true;
}
