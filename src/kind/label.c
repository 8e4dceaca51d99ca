/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/label.h"

#include <stdlib.h>
#include <string.h>

#include "kind/ipcns.h"
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

size_t
label_size(const struct label *label)
{
	return sizeof *label + room_of(label->ref) + room_of(label->shown) +
		room_of(label->name) + room_of(label->path);
}

void
label_put(const struct label *label, void *place)
{
	struct label *copy = place;
	char *at = (char *)(copy + 1);

	copy->ref = put_text(&at, label->ref);
	copy->shown = put_text(&at, label->shown);
	copy->name = put_text(&at, label->name);
	copy->path = put_text(&at, label->path);
}

struct label *
label_copy(const struct label *label)
{
	struct label *copy;

	if (label == NULL)
		return NULL;
	copy = xcalloc(1, label_size(label));
	label_put(label, copy);
	return copy;
}

struct label *
label_copy_in(const struct label *label, const struct ipcns *ns)
{
	char suffix[IPCNS_SIZE + 1];
	struct label in = *label;
	struct label *copy;
	char *shown;

	*ipcns_put(ns, suffix) = '\0';
	shown = xasprintf("%s%s", label->ref, suffix);
	in.shown = shown;
	copy = label_copy(&in);
	free(shown);
	return copy;
}
