/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/write-error.h"

#include <errno.h>

static int first;

void
write_error_note(void)
{
	if (first == 0)
		first = errno;
}

int
write_error(void)
{
	return first;
}
