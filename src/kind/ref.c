/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/ref.h"

#include <stdlib.h>
#include <string.h>

#include "kind/ipcns.h"
#include "lib/near.h"
#include "lib/xalloc.h"

const char *
ref_text(const struct object *o, char room[REF_SIZE])
{
	size_t len = strlen(o->kind->name);

	if (o->label != NULL)
		return o->label->shown != NULL ? o->label->shown : o->label->ref;
	memcpy(room, o->kind->name, len);
	room[len++] = ':';
	*ipcns_put(o->ns, o->kind->put_ref(o, room + len)) = '\0';
	return room;
}

void
ref_free(struct ref *ref)
{
	free(ref->label);
	ref->label = NULL;
}

static void
unknown_type(const char *text, size_t len, struct buf *cause)
{
	char *word = xasprintf("%.*s", (int)len, text);
	struct near near = { .word = word };

	buf_printf(cause, "unknown type '%s'", word);
	kind_try_near(&near);
	if (near.count > 0)
		near_ask(&near, cause);
	else
		buf_printf(cause, "; expected one of: %s", kind_names());
	near_free(&near);
	free(word);
}

const char *
ref_namespace(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL ? at + 1 : NULL;
}

void
ref_set_namespace(struct ref *ref, const struct ipcns *ns)
{
	struct label *label = ref->label;

	if (label == NULL)
		return;
	ref->label = label_copy_in(label, ns);
	free(label);
}

/* Parses a reference that has no namespace. */
static int
parse_plain(const char *text, struct ref *ref, struct buf *cause)
{
	size_t len = strcspn(text, ":");

	if (text[len] == '\0') {
		buf_str(cause,
			"expected TYPE:ID or TYPE:KEY, for example shm:32769 or "
			"shm:0x52e2c1");
		return -1;
	}
	ref->kind = kind_by_name(text, len);
	if (ref->kind == NULL) {
		unknown_type(text, len, cause);
		return -1;
	}
	return ref->kind->parse_ref(text + len + 1, ref, cause);
}

int
ref_parse(const char *text, struct ref *ref, struct buf *cause)
{
	char *plain;
	int rc;

	*ref = (struct ref){ 0 };
	if (ref_namespace(text) == NULL)
		return parse_plain(text, ref, cause);
	plain = xasprintf("%.*s", (int)strcspn(text, "@"), text);
	rc = parse_plain(plain, ref, cause);
	free(plain);
	return rc;
}

int
ref_compare(const struct ref *a, const struct ref *b)
{
	if (a->kind != b->kind)
		return kind_compare(a->kind, b->kind);
	if (a->by_key != b->by_key)
		return a->by_key ? 1 : -1;
	/* The text of a label tells more than the number. */
	if (a->label != NULL && b->label != NULL)
		return strcmp(a->label->ref, b->label->ref);
	return a->number < b->number ? -1 : a->number > b->number;
}

bool
ref_is_of(const struct ref *ref, const struct object *o)
{
	struct ref refs[REFS_MAX];
	size_t count = o->kind->names(o, refs);

	for (size_t i = 0; i < count; i++)
		if (ref_compare(&refs[i], ref) == 0)
			return true;
	return false;
}
