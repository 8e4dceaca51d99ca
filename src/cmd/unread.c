/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/unread.h"

#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "lib/names.h"
#include "lib/xalloc.h"

void
unread_note(struct unread *u, const char *kind, const char *why)
{
	char *text = xasprintf("%s: %s", kind, why);

	if (strstr(buf_text(&u->why), text) == NULL)
		buf_printf(&u->why, "%s%s", u->why.len > 0 ? "; " : "", text);
	free(text);
}

void
unread_say(struct unread *u)
{
	if (u->values > 0)
		say("%zu value%s could not be read%s%s", u->values,
			u->values == 1 ? "" : "s", u->why.len > 0 ? ": " : "",
			buf_text(&u->why));
	buf_free(&u->why);
}

void
unread_say_names(void)
{
	if (names_error() != 0)
		say("names of users or groups could not be looked up, their numbers are "
		    "shown: %s",
			strerror(names_error()));
}
