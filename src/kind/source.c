/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/source.h"

/* Whether objects of a kind can be read at all; if not, appends the reason. */
static bool
has_source(const struct kind *kind, struct buf *cause)
{
	if (kind->source == NULL)
		buf_printf(
			cause, "ipctool cannot read the %s of this system", kind->title);
	return kind->source != NULL;
}

struct source *
source_open(const struct kind *kind, facts_t wanted, const struct source_options *options,
	void (*problem)(const char *text), struct buf *cause)
{
	struct source *s = NULL;

	if (has_source(kind, cause))
		s = kind->source->open(kind, wanted, options, problem, cause);
	if (s != NULL)
		s->kind = kind;
	return s;
}

int
source_next(struct source *s, struct object *o)
{
	o->label = NULL;
	o->unknown = 0;
	return s->kind->source->next(s, o);
}

const char *
source_why(struct source *s)
{
	return s->kind->source->why(s);
}

bool
source_is_fresh(const struct source *s)
{
	return s->kind->source->is_fresh(s);
}

size_t
source_problems(const struct source *s)
{
	return s->kind->source->problems(s);
}

void
source_close(struct source *s)
{
	s->kind->source->close(s);
}

int
source_find(const struct ref *ref, const struct source_options *options, struct object *o,
	struct buf *cause)
{
	if (!has_source(ref->kind, cause))
		return -1;
	o->label = NULL;
	o->unknown = 0;
	return ref->kind->source->find(ref, options, o, cause);
}

enum reread
source_reread(const struct object *o, struct object *now, struct buf *cause)
{
	const struct ref ref = { .kind = o->kind,
		.number = object_number(o),
		.label = (struct label *)o->label };
	struct buf why = { 0 };
	int rc = source_find(&ref, NULL, now, &why);

	if (rc < 0 && cause != NULL)
		buf_str(cause, buf_text(&why));
	buf_free(&why);
	if (rc <= 0)
		return rc < 0 ? REREAD_UNREADABLE : REREAD_GONE;
	return o->kind->same(o, now) ? REREAD_SAME : REREAD_ANOTHER;
}
