/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/unread.h"
#include "kind/source.h"
#include "lib/message.h"
#include "lib/xalloc.h"

/* Sorts by kind and number, and equal objects by their place in the command line. */
static int
by_id(const void *a, const void *b)
{
	const struct target *x = *(const struct target *const *)a;
	const struct target *y = *(const struct target *const *)b;

	int order = object_compare(&x->object, &y->object);

	return order != 0 ? order : x < y ? -1 : x > y;
}

static int
same_id(const void *a, const void *b)
{
	return object_compare(a, &(*(const struct target *const *)b)->object);
}

/* Pointers to all targets, sorted by kind and number; the caller owns the array. */
static struct target **
sorted(const struct targets *t)
{
	struct target **all = xcalloc(t->count + 1, sizeof *all);

	for (size_t i = 0; i < t->count; i++)
		all[i] = &t->list[i];
	qsort(all, t->count, sizeof *all, by_id);
	return all;
}

/* Keeps only the first target for each object, which may be named by id and by key. */
static void
remove_doubles(struct targets *t)
{
	struct target **all = sorted(t);
	size_t kept = 0;

	for (size_t i = 1; i < t->count; i++)
		if (same_id(&all[i - 1]->object, &all[i]) == 0)
			all[i]->text = NULL;
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i].text != NULL)
			t->list[kept++] = t->list[i];
	t->count = kept;
	free(all);
}

/* Whether some objects of a kind lack wanted facts. */
static bool
is_lacking(const struct targets *t, const struct kind *kind, facts_t wanted)
{
	wanted &= kind->facts & ~FACTS_DERIVED;
	for (size_t i = 0; i < t->count; i++)
		if (t->list[i].object.kind == kind &&
			!object_has(&t->list[i].object, wanted))
			return true;
	return false;
}

static void
note(struct targets *t, const struct kind *kind, const char *why)
{
	if (t->unread != NULL)
		unread_note(t->unread, kind->name, why);
}

/* Reads the objects of a kind once more, from the source that has all wanted facts. */
static void
read_rest(struct targets *t, const struct kind *kind, facts_t wanted)
{
	struct buf cause = { 0 };
	struct target **all;
	struct source *source;
	struct object o;

	source = source_open(kind, wanted & kind->facts, &t->source, NULL, &cause);
	if (source == NULL) {
		note(t, kind, buf_text(&cause));
		buf_free(&cause);
		return;
	}
	all = sorted(t);
	while (source_next(source, &o) == 1) {
		struct target **found = bsearch(&o, all, t->count, sizeof *all, same_id);

		if (found == NULL || !kind->same(&o, &(*found)->object))
			continue;
		o.label = (*found)->object.label;
		(*found)->object = o;
	}
	if (is_lacking(t, kind, wanted))
		note(t, kind, source_why(source));
	source_close(source);
	free(all);
}

/* Where the objects that are found are stored: at the place of their lookup. */
struct places {
	const struct lookup *lookups;
	struct target *list;
};

static void
store_target(void *data, const struct lookup *l, const struct object *o)
{
	const struct places *places = data;

	places->list[l - places->lookups].object = *o;
}

static void
say_missing(const struct operand *operand)
{
	const struct kind *kind = operand->ref.kind;
	const char *missing = kind_says(kind)->missing;

	if (missing != NULL)
		say("%s: %s", operand->text, missing);
	else
		say("%s: there is no %s with this %s", operand->text, kind->noun,
			operand->ref.by_key ? "key" : "id");
}

/* Says what became of an operand that was not found. */
static enum status
tell_not_found(const struct targets *t, const struct operand *operand,
	const struct lookup *l, bool missing_is_fine)
{
	if (l->found == SOURCE_UNUSABLE) {
		say_once("%s", l->cause);
		return STATUS_USAGE;
	}
	if (l->found < 0)
		say("%s: %s", operand->text, l->cause);
	else if (!missing_is_fine)
		say_missing(operand);
	if (l->found == 0 && t->missing != NULL)
		t->missing(t->arg, operand->text);
	return l->found == 0 && missing_is_fine ? STATUS_OK : STATUS_SOME;
}

enum status
targets_find(struct targets *t, const struct opt_operands *operands, facts_t wanted,
	bool missing_is_fine)
{
	struct lookup *lookups = xcalloc(operands->count + 1, sizeof *lookups);
	struct places places = { lookups, NULL };
	enum status status = STATUS_OK;

	t->list = places.list = xcalloc(operands->count + 1, sizeof *t->list);
	for (size_t i = 0; i < operands->count; i++)
		lookups[i].ref = &operands->list[i].ref;
	source_find_each(lookups, operands->count, &t->source, store_target, &places);
	for (size_t i = 0; i < operands->count; i++) {
		const struct operand *operand = &operands->list[i];

		if (lookups[i].found == 1) {
			t->list[t->count] = t->list[i];
			t->list[t->count++].text = operand->text;
			continue;
		}
		status = cmd_worse(
			status, tell_not_found(t, operand, &lookups[i], missing_is_fine));
		free(lookups[i].cause);
	}
	free(lookups);
	remove_doubles(t);
	for (size_t k = 0; k < kinds_count; k++)
		if (is_lacking(t, kinds[k], wanted))
			read_rest(t, kinds[k], wanted);
	return status;
}

void
targets_free(struct targets *t)
{
	free(t->list);
	*t = (struct targets){ 0 };
}

enum status
resolve_one(const struct opt_target *t, facts_t wanted, struct target *target)
{
	struct targets targets = { .source = { .changes = true } };
	enum status status = targets_find(&targets, &t->operands, wanted, false);

	if (status == STATUS_OK)
		*target = targets.list[0];
	targets_free(&targets);
	return status;
}
