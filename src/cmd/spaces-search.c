/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/spaces-search.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

void
spaces_find_tasks(struct spaces *s)
{
	if (!s->has_tasks)
		namespaces_find_tasks(&s->all);
	s->has_tasks = true;
}

void
space_search_kept(struct space_search *s)
{
	spaces_find_tasks(s->spaces);
	if (!s->has_kept)
		namespaces_find_kept(&s->spaces->all);
	s->has_kept = true;
}

/* Looks at as much of the machine as is needed to find a namespace. */
static void
look_for(struct space_search *s, const struct ns_name *name)
{
	struct namespaces *all = &s->spaces->all;

	switch (name->form) {
	case NS_PID:
	case NS_PATH:
		return;
	case NS_INODE:
		if (namespaces_with(all, name->inode) == NULL)
			spaces_find_tasks(s->spaces);
		if (namespaces_with(all, name->inode) == NULL)
			space_search_kept(s);
		return;
	case NS_CONTAINER:
	case NS_POD:
		spaces_find_tasks(s->spaces);
		return;
	}
}

enum ns_found
space_search_name(struct space_search *s, const struct ns_name *name, const char *text,
	const char *subject, size_t *place, struct buf *cause)
{
	struct spaces *spaces = s->spaces;

	look_for(s, name);
	if (spaces->all.error != 0) {
		buf_printf(cause, "cannot read /proc: %s", strerror(spaces->all.error));
		return NS_REFUSED;
	}
	return ns_name_find(
		name, text, subject, spaces->reads, &spaces->all, place, cause);
}

struct naming *
space_search_reference(struct space_search *s, const char *text)
{
	struct naming *n;
	struct ns_name name;
	struct buf cause = { 0 };

	for (size_t i = s->count; i-- > 0;)
		if (strcmp(s->namings[i].text, text) == 0)
			return &s->namings[i];
	s->namings = xgrow(s->namings, s->count, sizeof *s->namings);
	n = &s->namings[s->count++];
	*n = (struct naming){ .text = text, .found = NS_REFUSED };
	if (ns_name_parse(text, &name, &cause) == 0) {
		n->process = name.pid;
		n->found = space_search_name(s, &name, text, NULL, &n->place, &n->cause);
	} else {
		buf_str(&n->cause, buf_text(&cause));
	}
	ns_name_free(&name);
	buf_free(&cause);
	return n;
}

void
space_search_free(struct space_search *s)
{
	for (size_t i = 0; i < s->count; i++)
		buf_free(&s->namings[i].cause);
	free(s->namings);
}
