/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/exclude.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kind/ipcns.h"
#include "kind/ref.h"
#include "lib/array.h"
#include "lib/lines.h"
#include "lib/names.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "namespace/name.h"

struct exclusion {
	enum { BY_REF, BY_USER, BY_GROUP, BY_KEY } by;
	struct ref ref;
	bool has_ns; /* the reference names a namespace; else it is ipctool's own */
	struct ns_name ns; /* by its number */
	uint32_t number; /* the uid, the gid or the key */
	bool is_callers; /* the uid or gid is one of the caller's user namespace */
};

/* The rest of text after a prefix, or NULL. */
static const char *
after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

/* Only a number lasts: a process or a container could be in another namespace later. */
static int
take_namespace(const char *text, struct exclusion *x, struct buf *cause)
{
	const char *ns = ref_namespace(text);
	int rc;

	if (ns == NULL)
		return 0;
	x->has_ns = true;
	rc = ns_name_parse(ns, &x->ns, cause);
	if (rc == 0 && x->ns.form != NS_INODE) {
		buf_printf(cause, "'%s': give the namespace as INODE.ID or host", ns);
		rc = -1;
	}
	if (rc < 0)
		ref_free(&x->ref);
	ns_name_free(&x->ns);
	return rc;
}

static bool
is_number(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

static int
parse_exclusion(const char *text, struct exclusion *x, struct buf *cause)
{
	const char *name;

	if ((name = after(text, "user:")) != NULL) {
		x->by = BY_USER;
		x->is_callers = !is_number(name);
		if (names_find_user(name, &x->number) == 0)
			return 0;
		names_explain(cause, "user", name);
		return -1;
	}
	if ((name = after(text, "group:")) != NULL) {
		x->by = BY_GROUP;
		x->is_callers = !is_number(name);
		if (names_find_group(name, &x->number) == 0)
			return 0;
		names_explain(cause, "group", name);
		return -1;
	}
	if ((name = after(text, "key:")) != NULL) {
		x->by = BY_KEY;
		if (strcmp(name, "private") == 0 || num_key(name, &x->number) == 0)
			return 0;
		buf_str(cause, NUM_KEY_FORM ", or 'private'");
		return -1;
	}
	x->by = BY_REF;
	if (strchr(text, ':') != NULL)
		return ref_parse(text, &x->ref, cause) < 0
			? -1
			: take_namespace(text, x, cause);
	buf_str(cause, "expected " EXCLUSION_FORM);
	return -1;
}

int
exclusions_add(struct exclusions *e, const char *text, struct buf *cause)
{
	struct exclusion x = { 0 };

	if (parse_exclusion(text, &x, cause) < 0)
		return -1;
	e->list = xgrow(e->list, e->count, sizeof *e->list);
	e->list[e->count++] = x;
	return 0;
}

static int
take_keep_line(void *exclusions, const char *text, unsigned long line, struct buf *cause)
{
	struct exclusions *e = exclusions;
	struct buf why = { 0 };
	int rc = *text == '#' ? 0 : exclusions_add(e, text, &why);

	(void)line;
	if (rc == 0 && *text != '#')
		e->list[e->count - 1].is_callers = true;
	if (rc < 0)
		buf_printf(cause, "invalid exclusion '%s': %s", text, buf_text(&why));
	buf_free(&why);
	return rc;
}

int
exclusions_read(struct exclusions *e, const char *path, struct buf *cause)
{
	FILE *file = fopen(path, "re");
	struct buf why = { 0 };
	int rc;

	if (file == NULL && errno == ENOENT)
		return 0;
	if (file == NULL) {
		buf_printf(cause, "cannot open '%s': %s", path, strerror(errno));
		return -1;
	}
	rc = lines_read(file, take_keep_line, e, &why);
	if (rc == -2)
		buf_printf(cause, "cannot read '%s': %s", path, strerror(errno));
	else if (rc < 0)
		buf_printf(cause, "%s, %s", path, buf_text(&why));
	buf_free(&why);
	fclose(file);
	return rc < 0 ? -1 : 0;
}

/* Whether an object is, or may be, a file in the caller's own /dev/shm, which several IPC
 * namespaces can share. */
static bool
is_in_own_shm(const struct object *o)
{
	return o->kind->is_in_shm &&
		(!object_has(o, FACT(NAME)) || o->fact[FACT_NAME] != 0);
}

/* Whether an object is in the namespace of a reference.  What cannot be read keeps it. */
static bool
is_in_namespace(const struct exclusion *x, const struct object *o)
{
	struct ipcns own;
	const struct ipcns *ns = o->ns;

	if (!x->has_ns)
		return ns == NULL || ns->is_own || is_in_own_shm(o);
	if (ns == NULL && ns_file_read_own(&own) < 0)
		return true;
	ns = ns == NULL ? &own : ns;
	return ns->inode == x->ns.inode &&
		(!x->ns.has_id || !ns->has_id || ns->id == x->ns.id);
}

/* Whether an id is that of an exclusion.  In another user namespace the caller's ids have
 * other numbers, and what is unknown keeps the object. */
static bool
has_id(const struct exclusion *x, uint64_t id)
{
	return (x->is_callers && names_are_numbers()) || x->number == id;
}

static bool
is_excluded_by(const struct exclusion *x, const struct object *o)
{
	switch (x->by) {
	case BY_REF:
		return ref_is_of(&x->ref, o) && is_in_namespace(x, o);
	case BY_USER:
		return has_id(x, o->fact[FACT_UID]);
	case BY_GROUP:
		return has_id(x, o->fact[FACT_GID]);
	case BY_KEY:
		return object_has(o, FACT(KEY)) && x->number == o->fact[FACT_KEY];
	}
	return false;
}

bool
exclusions_have(const struct exclusions *e, const struct object *o)
{
	for (size_t i = 0; i < e->count; i++)
		if (is_excluded_by(&e->list[i], o))
			return true;
	return false;
}

void
exclusions_free(struct exclusions *e)
{
	for (size_t i = 0; i < e->count; i++)
		ref_free(&e->list[i].ref);
	free(e->list);
	*e = (struct exclusions){ 0 };
}
