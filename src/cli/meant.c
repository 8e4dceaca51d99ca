/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/meant.h"

#include <stdlib.h>
#include <string.h>

#include "kind/ref.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/near.h"
#include "lib/xalloc.h"

/* Adds the reference if it is one and there is such an object. */
static void
try_object(struct near *found, const struct kind *kind, const char *prefix,
	const char *number)
{
	char *text = xasprintf("%s:%s%s", kind->name, prefix, number);
	struct buf cause = { 0 };
	struct object o;
	struct ref ref = { 0 };

	if (ref_parse(text, &ref, &cause) == 0 &&
		source_find(&ref, NULL, &o, &cause) == 1) {
		found->names = xgrow(found->names, found->count, sizeof *found->names);
		found->names[found->count++] = text;
	} else {
		free(text);
	}
	ref_free(&ref);
	buf_free(&cause);
}

bool
meant_ask(const char *text, bool (*fits)(const struct kind *kind), struct buf *b)
{
	const char *colon = strchr(text, ':');
	const char *number = colon == NULL ? text : colon + 1;
	struct near found = { .word = text };
	bool any;

	for (size_t i = 0; i < kinds_count; i++) {
		const struct kind *kind = kinds[i];

		if ((fits != NULL && !fits(kind)) ||
			(colon != NULL && kind_by_name(text, colon - text) != kind))
			continue;
		/* With a type it is no reference as it stands. */
		if (colon == NULL)
			try_object(&found, kind, "", number);
		try_object(&found, kind, "0x", number);
	}
	near_ask(&found, b);
	any = found.count > 0;
	for (size_t i = 0; i < found.count; i++)
		free((char *)found.names[i]);
	near_free(&found);
	return any;
}
