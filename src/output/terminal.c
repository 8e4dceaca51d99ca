/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/terminal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/num.h"

bool
terminal_is_output(void)
{
	return isatty(STDOUT_FILENO);
}

size_t
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (!terminal_is_output())
		return 0;
	if (columns != NULL && num_range(columns, 1, INT_MAX, &n) == 0)
		return n;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool
terminal_has_color(void)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return (no_color == NULL || *no_color == '\0') &&
		(term == NULL || strcmp(term, "dumb") != 0) && terminal_is_output();
}
