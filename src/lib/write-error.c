/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/write-error.h"

#include <errno.h>
#include <signal.h>

static int first;
static void (*at_start)(int signo); /* what SIGXFSZ did */

void
write_error_catch(void)
{
	at_start = signal(SIGXFSZ, SIG_IGN);
}

void
write_error_uncatch(void)
{
	signal(SIGXFSZ, at_start);
}

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
