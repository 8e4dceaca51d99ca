/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/spaces.h"
#include "cmd/unread.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"

/* Where an object is in the list of the targets. */
struct place {
	struct identity object; /* the first member: also what is searched for */
	size_t index;
};

/* The search for the targets.  Each is at the index of its operand. */
struct resolution {
	struct targets *targets;
	const struct lookup *lookups; /* of all operands */
	facts_t wanted;
	struct place *places; /* of the objects that were found */
	size_t count;
	kinds_t lacking; /* the kinds of objects that lack wanted facts */
};

static int
compare_identities(const void *a, const void *b)
{
	return identity_compare(a, b);
}

/* Orders equal objects by their place in the command line. */
static int
compare_in_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = identity_compare(&x->object, &y->object);

	return order != 0 ? order : x->index < y->index ? -1 : x->index > y->index;
}

/* Keeps only the first target for each object, which may be named by id and by key, and
 * sorts the places. */
static void
remove_doubles(struct resolution *s)
{
	size_t kept = 0;

	array_sort(s->places, s->count, sizeof *s->places, compare_in_order);
	for (size_t i = 0; i < s->count; i++)
		if (kept > 0 &&
			identity_compare(
				&s->places[kept - 1].object, &s->places[i].object) == 0)
			targets_drop(s->targets, s->places[i].index);
		else
			s->places[kept++] = s->places[i];
	s->count = kept;
}

/* Whether an object lacks wanted facts. */
static bool
lacks(const struct object *o, facts_t wanted)
{
	return !object_has(o, wanted & o->kind->facts & ~FACTS_DERIVED);
}

static void
note(struct targets *t, const struct kind *kind, const char *why)
{
	if (t->unread != NULL)
		unread_note(t->unread, kind->name, why);
}

/* Replaces the target that is this object by what was read of it now. */
static void
read_anew(const struct resolution *s, struct object *now)
{
	const struct identity wanted = object_identity(now);
	const struct place *found = bsearch(
		&wanted, s->places, s->count, sizeof *s->places, compare_identities);
	struct kept *then;
	struct object o;

	if (found == NULL)
		return;
	then = s->targets->list[found->index].object;
	kept_object(then, &o);
	if (!o.kind->same(now, &o))
		return;
	s->targets->list[found->index].object = kept_make(now);
	free(then);
}

/* Whether some objects of a kind lack wanted facts. */
static bool
is_lacking(const struct resolution *s, const struct kind *kind)
{
	struct object o;

	for (size_t i = 0; i < s->count; i++) {
		if (s->places[i].object.kind != kind)
			continue;
		kept_object(s->targets->list[s->places[i].index].object, &o);
		if (lacks(&o, s->wanted))
			return true;
	}
	return false;
}

/* Reads the objects of a kind once more, from the source that has all wanted facts. */
static void
read_rest(const struct resolution *s, const struct kind *kind)
{
	struct targets *t = s->targets;
	struct buf cause = { 0 };
	struct source *source;
	struct object o;

	source = source_open(kind, s->wanted & kind->facts, &t->source, NULL, &cause);
	if (source == NULL) {
		note(t, kind, buf_text(&cause));
		buf_free(&cause);
		return;
	}
	while (source_next(source, &o) == 1)
		read_anew(s, &o);
	if (is_lacking(s, kind))
		note(t, kind, source_why(source));
	source_close(source);
}

static void
store_target(void *resolution, const struct lookup *l, const struct object *o)
{
	struct resolution *s = resolution;
	size_t i = l - s->lookups;

	s->targets->list[i].object = kept_make(o);
	s->places[s->count] = (struct place){ object_identity(o), i };
	s->places[s->count++].object.label = l->ref->label; /* which stays */
	if (lacks(o, s->wanted))
		s->lacking |= KIND_BIT(kind_index(o->kind));
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
	struct resolution s = {
		.targets = t,
		.lookups = lookups,
		.wanted = wanted,
		.places = xcalloc(operands->count + 1, sizeof *s.places),
	};
	enum status status = STATUS_OK;

	t->list = xcalloc(operands->count + 1, sizeof *t->list);
	for (size_t i = 0; i < operands->count; i++)
		lookups[i].ref = &operands->list[i].ref;
	source_find_each(lookups, operands->count, &t->source, store_target, &s);
	for (size_t i = 0; i < operands->count; i++) {
		t->list[i].text = operands->list[i].text;
		if (lookups[i].found == 1)
			continue;
		status = cmd_worse(status,
			tell_not_found(
				t, &operands->list[i], &lookups[i], missing_is_fine));
		free(lookups[i].cause);
	}
	free(lookups);
	remove_doubles(&s);
	for (size_t k = 0; k < kinds_count; k++)
		if (s.lacking & KIND_BIT(k))
			read_rest(&s, kinds[k]);
	free(s.places);
	for (size_t i = 0; i < operands->count; i++)
		if (t->list[i].object != NULL)
			t->list[t->count++] = t->list[i];
	return status;
}

void
targets_add(struct targets *t, const char *text, const struct object *o)
{
	t->list = xgrow(t->list, t->count, sizeof *t->list);
	t->list[t->count++] = (struct kept_target){ text, kept_make(o) };
}

void
targets_get(const struct targets *t, size_t i, struct target *target)
{
	const struct kept_target *kept = &t->list[i];

	kept_object(kept->object, &target->object);
	target->text = kept->text != NULL ? kept->text
					  : ref_text(&target->object, target->room);
}

void
targets_drop(struct targets *t, size_t i)
{
	free(t->list[i].object);
	t->list[i].object = NULL;
}

void
targets_free(struct targets *t)
{
	for (size_t i = 0; i < t->count; i++)
		targets_drop(t, i);
	free(t->list);
	*t = (struct targets){ 0 };
}

enum status
resolve_one(struct opt_target *t, facts_t wanted, bool reads, struct target *target)
{
	struct targets targets = { .source = { .changes = true } };
	enum status status = spaces_enter_one(&t->operands, reads);

	if (status == STATUS_OK)
		status = targets_find(&targets, &t->operands, wanted, false);
	if (status == STATUS_OK) {
		targets_get(&targets, 0, target);
		target->object.label = t->operands.list[0].ref.label;
	}
	targets_free(&targets);
	return status;
}
