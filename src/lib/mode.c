/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/mode.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/num.h"
#include "lib/xalloc.h"

/* In chmod(1) and POSIX, removing X removes x; setmode(3) would add it. */
static void
replace_taken_x(char *text)
{
	char op = '\0';

	for (; *text != '\0'; text++)
		if (strchr("+-=", *text) != NULL)
			op = *text;
		else if (*text == 'X' && op == '-')
			*text = 'x';
}

/* struct mode_change is the compiled form of setmode(3). */
struct mode_change *
mode_parse(const char *text, struct buf *cause)
{
	static const char symbolic[] = "ugoarwxX+-=,";
	const char *p = text;
	struct mode_change *change;
	uint64_t octal;
	mode_t umask_before;
	char *copy;

	if (*text >= '0' && *text <= '9') {
		if (num_scan(&p, 8, 0777, &octal) < 0 || *p != '\0') {
			buf_str(cause, "expected an octal number from 0 to 0777");
			return NULL;
		}
	} else if (text[strspn(text, symbolic)] != '\0') {
		buf_str(cause,
			"expected an octal number from 0 to 0777, or a symbolic mode of "
			"u g o a, + - = and r w x X, for example u+rw,g-w");
		return NULL;
	}
	copy = xstrdup(text);
	replace_taken_x(copy);
	/* setmode(3) applies the umask if the change has no u, g, o or a. */
	umask_before = umask(0);
	change = setmode(copy);
	umask(umask_before);
	free(copy);
	if (change == NULL)
		buf_str(cause, "expected a symbolic mode such as u+rw,g-w");
	return change;
}

unsigned
mode_apply(const struct mode_change *change, unsigned mode)
{
	return getmode(change, mode) & 0777;
}
