/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/source.h"

#include <stdlib.h>

#include "kind/ipcns.h"
#include "lib/array.h"
#include "lib/xalloc.h"

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

/* Empties all but the facts, of which a source says which there are. */
static void
start_object(struct object *o)
{
	o->have = o->unknown = 0;
	o->semaphores = NULL;
	o->uses = NULL;
	o->uses_count = 0;
	o->verdict = o->reason = NULL;
	o->context = NULL;
	o->ns = ipcns_now();
	o->label = NULL;
}

int
source_next(struct source *s, struct object *o)
{
	start_object(o);
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

void
source_shared_end(struct source_shared *shared)
{
	if (shared->data != NULL)
		shared->release(shared->data);
	*shared = (struct source_shared){ 0 };
}

/* References of one kind that only reading all its objects can find. */
struct search {
	struct lookup **list; /* sorted by reference */
	size_t count;
	size_t left; /* that were not found yet */
	size_t next; /* the one after the last match: both lists often have one order */
	void (*found)(void *data, const struct lookup *l, const struct object *o);
	void *data;
};

static int
compare_lookup(const void *ref, const void *lookup)
{
	return ref_compare(ref, (*(struct lookup *const *)lookup)->ref);
}

static int
compare_lookups(const void *a, const void *b)
{
	return compare_lookup((*(struct lookup *const *)a)->ref, b);
}

/* The index of the first lookup of a reference, or of one after it. */
static size_t
first_lookup(const struct search *s, const struct ref *ref)
{
	if (s->next < s->count && ref_compare(ref, s->list[s->next]->ref) == 0)
		return s->next;
	if (ref_compare(ref, s->list[s->count - 1]->ref) > 0)
		return s->count;
	return array_first(ref, s->list, s->count, sizeof *s->list, compare_lookup);
}

/* Answers the lookups that name an object. */
static void
match(struct search *s, const struct object *o)
{
	struct ref refs[REFS_MAX];
	size_t count = o->kind->names(o, refs);

	for (size_t i = 0; i < count; i++) {
		size_t n = first_lookup(s, &refs[i]);

		for (; n < s->count && ref_compare(s->list[n]->ref, &refs[i]) == 0; n++) {
			if (s->list[n]->found == 1)
				continue;
			s->list[n]->found = 1;
			s->left--;
			s->found(s->data, s->list[n], o);
			s->next = n + 1;
		}
	}
}

/* Answers the lookups that are left: there is no such object, or it may be in a part that
 * could not be read. */
static void
answer_rest(struct search *s, int found, const char *cause)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->list[i]->found == 1)
			continue;
		s->list[i]->found = found;
		s->list[i]->cause = found < 0 ? xstrdup(cause) : NULL;
	}
}

static void
find_by_reading(struct search *s, const struct source_options *options)
{
	const struct kind *kind = s->list[0]->ref->kind;
	struct buf cause = { 0 };
	struct source *source;
	struct object o;
	int rc = -1;

	source = source_open(kind, FACTS_NUMBER | FACT(KEY), options, NULL, &cause);
	while (source != NULL && s->left > 0 && (rc = source_next(source, &o)) == 1)
		match(s, &o);
	if (source != NULL && rc == 0 && source_problems(source) > 0) {
		buf_printf(&cause, "it is not among what could be read: %s",
			kind->source->last_problem(source));
		rc = -1;
	} else if (source != NULL && rc < 0) {
		buf_printf(&cause, "cannot read the %s: %s", kind->title,
			source_why(source));
	}
	if (source != NULL)
		source_close(source);
	answer_rest(s, rc < 0 ? -1 : 0, buf_text(&cause));
	buf_free(&cause);
}

static const struct source_options anywhere = { .choice = SOURCE_AUTO };

/* Finds an object without reading all.  Returns as source_find() does, or
 * FIND_BY_READING. */
static int
find_alone(struct lookup *l, const struct source_options *options, struct object *o)
{
	struct buf cause = { 0 };

	l->found = -1;
	start_object(o);
	if (has_source(l->ref->kind, &cause))
		l->found = l->ref->kind->source->find(l->ref, options, o, &cause);
	if (l->found == -1 || l->found == SOURCE_UNUSABLE)
		l->cause = xstrdup(buf_text(&cause));
	buf_free(&cause);
	return l->found;
}

void
source_find_each(struct lookup *list, size_t count, const struct source_options *options,
	void (*found)(void *data, const struct lookup *l, const struct object *o),
	void *data)
{
	struct lookup **rest = xcalloc(count + 1, sizeof *rest);
	size_t rest_count = 0;
	struct object o;

	if (options == NULL)
		options = &anywhere;
	for (size_t i = 0; i < count; i++) {
		int rc = find_alone(&list[i], options, &o);

		if (rc == 1)
			found(data, &list[i], &o);
		else if (rc == FIND_BY_READING)
			rest[rest_count++] = &list[i];
	}
	array_sort(rest, rest_count, sizeof *rest, compare_lookups);
	for (size_t end, start = 0; start < rest_count; start = end) {
		end = start + 1;
		while (end < rest_count && rest[end]->ref->kind == rest[start]->ref->kind)
			end++;
		find_by_reading(&(struct search){ rest + start, end - start, end - start,
					0, found, data },
			options);
	}
	free(rest);
}

static void
store_object(void *object, const struct lookup *l, const struct object *o)
{
	(void)l;
	*(struct object *)object = *o;
}

int
source_find(const struct ref *ref, const struct source_options *options, struct object *o,
	struct buf *cause)
{
	struct lookup l = { .ref = ref };
	struct lookup *list[] = { &l };
	struct search search = { list, 1, 1, 0, store_object, o };

	if (options == NULL)
		options = &anywhere;
	if (find_alone(&l, options, o) == FIND_BY_READING)
		find_by_reading(&search, options);
	if (l.cause != NULL)
		buf_str(cause, l.cause);
	free(l.cause);
	return l.found;
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
