/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/ref.h"

#include <string.h>

void
ref_text(const struct object *o, char text[REF_SIZE])
{
	size_t len = strlen(o->kind->name);

	memcpy(text, o->kind->name, len);
	text[len++] = ':';
	*o->kind->put_ref(o, text + len) = '\0';
}

int
ref_parse(const char *text, struct ref *ref, struct buf *cause)
{
	size_t len = strcspn(text, ":");

	if (text[len] == '\0') {
		buf_str(cause,
			"a reference is a type, a colon and an id or a key, as shm:32769 "
			"or shm:0x52e2c1");
		return -1;
	}
	ref->kind = kind_by_name(text, len);
	if (ref->kind == NULL) {
		buf_printf(cause, "there is no type '%.*s', only %s", (int)len, text,
			kind_names());
		return -1;
	}
	return ref->kind->parse_ref(text + len + 1, ref, cause);
}
