/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/unread.h"

#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "lib/names.h"
#include "lib/xalloc.h"

void
unread_note(struct buf *reasons, const char *kind, const char *why)
{
	char *text = xasprintf("%s: %s", kind, why);

	if (strstr(buf_text(reasons), text) == NULL)
		buf_printf(reasons, "%s%s", reasons->len > 0 ? "; " : "", text);
	free(text);
}

void
unread_say(size_t values, struct buf *reasons)
{
	if (values > 0)
		say("%zu value%s could not be read%s%s", values, values == 1 ? "" : "s",
			reasons->len > 0 ? ": " : "", buf_text(reasons));
}

void
unread_say_names(void)
{
	if (names_error() != 0)
		say("names of users or groups could not be looked up, their numbers are "
		    "shown: %s",
			strerror(names_error()));
}
