/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/label.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

static size_t
room_of(const char *text)
{
	return text == NULL ? 0 : strlen(text) + 1;
}

/* Moves a text to *at, which then is the place after it. */
static const char *
put_text(char **at, const char *text)
{
	char *copy = *at;

	if (text == NULL)
		return NULL;
	*at = stpcpy(copy, text) + 1;
	return copy;
}

struct label *
label_copy(const struct label *label)
{
	struct label *copy;
	char *at;

	if (label == NULL)
		return NULL;
	copy = xcalloc(1,
		sizeof *copy + room_of(label->ref) + room_of(label->name) +
			room_of(label->path));
	at = (char *)(copy + 1);
	copy->ref = put_text(&at, label->ref);
	copy->name = put_text(&at, label->name);
	copy->path = put_text(&at, label->path);
	return copy;
}
