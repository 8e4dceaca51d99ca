/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/selector.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kind/kind.h"
#include "kind/label.h"
#include "lib/array.h"
#include "lib/names.h"
#include "lib/xalloc.h"
#include "output/value.h"
#include "process/in-use.h"

void
selector_add(struct any_of *any, uint32_t number)
{
	any->list = xreallocarray(any->list, any->count + 1, sizeof *any->list);
	any->list[any->count++] = number;
}

void
selector_add_perm(struct selector *s, enum perm_how how, unsigned bits)
{
	struct any_perm *any = &s->perms;

	any->list = xreallocarray(any->list, any->count + 1, sizeof *any->list);
	any->list[any->count++] = (struct perm){ .how = how, .bits = bits };
}

static void
add_pattern(struct any_state *any, const char *word)
{
	any->list = xreallocarray(any->list, any->count + 1, sizeof *any->list);
	any->list[any->count++] = word;
}

void
selector_add_state(struct selector *s, const char *word)
{
	add_pattern(&s->states, word);
}

void
selector_add_name(struct selector *s, const char *pattern)
{
	add_pattern(&s->names, pattern);
}

void
selector_free(struct selector *s)
{
	free(s->users.list);
	free(s->creators.list);
	free(s->groups.list);
	free(s->keys.list);
	free(s->pids.list);
	free(s->perms.list);
	free(s->states.list);
	free(s->names.list);
}

/* The result of one condition: whether it was given, which facts it needs, and whether it
 * holds once they are known. */
static enum match
condition(bool given, const struct object *o, facts_t needs, bool holds)
{
	if (!given)
		return MATCH_YES;
	/* An object of a kind without the fact never meets the condition. */
	if ((o->kind->facts & needs) != needs)
		return MATCH_NO;
	if (!object_has(o, needs))
		return MATCH_UNKNOWN;
	return holds ? MATCH_YES : MATCH_NO;
}

static enum match
one_of(const struct any_of *any, const struct object *o, enum fact fact)
{
	bool found = false;

	for (size_t i = 0; i < any->count; i++)
		found |= any->list[i] == o->fact[fact];
	return condition(any->count > 0, o, FACT_BIT(fact), found);
}

static bool
fits_perm(const struct perm *perm, unsigned mode)
{
	switch (perm->how) {
	case PERM_EXACT:
		return mode == perm->bits;
	case PERM_ALL:
		return (mode & perm->bits) == perm->bits;
	case PERM_ANY:
		return perm->bits == 0 || (mode & perm->bits) != 0;
	}
	return false;
}

static enum match
match_perm(const struct any_perm *any, const struct object *o)
{
	bool fits = false;

	for (size_t i = 0; i < any->count; i++)
		fits |= fits_perm(&any->list[i], o->fact[FACT_MODE] & 0777);
	return condition(any->count > 0, o, FACT(MODE), fits);
}

/* The flags of the mode that the words stand for. */
static unsigned
flags_of(const struct any_state *any, const struct kind *kind)
{
	unsigned flags = 0;

	for (const struct kind_state *s = kind->states; s->flag != 0; s++)
		for (size_t i = 0; i < any->count; i++)
			if (strcmp(s->word, any->list[i]) == 0)
				flags |= s->flag;
	return flags;
}

static enum match
match_state(const struct any_state *any, const struct object *o)
{
	unsigned flags = flags_of(any, o->kind);

	if (any->count > 0 && flags == 0)
		return MATCH_NO;
	return condition(
		any->count > 0, o, FACT(MODE), (o->fact[FACT_MODE] & flags) != 0);
}

static enum match
match_name(const struct any_state *any, const struct object *o)
{
	const char *name = o->label == NULL ? NULL : o->label->name;
	bool fits = false;

	for (size_t i = 0; i < any->count && name != NULL; i++)
		fits |= fnmatch(any->list[i], name, 0) == 0;
	return condition(any->count > 0, o, FACT(NAME), fits);
}

/* Whether no process uses an object, by the fact that its kind has for that. */
static enum match
match_unused(const struct object *o)
{
	if (!(o->kind->facts & FACT(USED)))
		return condition(true, o, FACT(NATTCH), o->fact[FACT_NATTCH] == 0);
	if (!object_has(o, FACT(USED)) || !used_is_known(o->fact[FACT_USED]))
		return MATCH_UNKNOWN;
	return o->fact[FACT_USED] == USED_NO ? MATCH_YES : MATCH_NO;
}

/* Whether an object has been idle long enough; an object in use is not idle. */
static enum match
match_idle(const struct selector *s, const struct object *o)
{
	time_t age = o->read - object_active(o);

	if (!s->has_idle)
		return MATCH_YES;
	if ((FACTS_TIMES & o->kind->facts) == 0 ||
		!object_has(o, FACTS_TIMES & o->kind->facts))
		return MATCH_UNKNOWN;
	if (age < 0 || (uint64_t)age < s->idle)
		return MATCH_NO;
	if (o->kind->facts & (FACT(NATTCH) | FACT(USED)))
		return match_unused(o);
	return condition(true, o, FACT(WAITED), o->fact[FACT_WAITED] == 0);
}

enum match
selector_match(const struct selector *s, const struct object *o)
{
	const enum match matches[] = {
		one_of(&s->users, o, FACT_UID),
		one_of(&s->creators, o, FACT_CUID),
		one_of(&s->groups, o, FACT_GID),
		one_of(&s->keys, o, FACT_KEY),
		match_perm(&s->perms, o),
		match_state(&s->states, o),
		match_name(&s->names, o),
		condition(s->unlinked, o, FACT(NAME) | FACT(NLINK),
			o->fact[FACT_NLINK] == 0),
		condition(s->has_min_size, o, FACT(SIZE),
			o->fact[FACT_SIZE] >= s->min_size),
		condition(s->has_max_size, o, FACT(SIZE),
			o->fact[FACT_SIZE] <= s->max_size),
		condition(s->has_min_messages, o, FACT(QNUM),
			o->fact[FACT_QNUM] >= s->min_messages),
		s->unattached ? match_unused(o) : MATCH_YES,
		condition(s->empty, o, FACT(QNUM), o->fact[FACT_QNUM] == 0),
		match_idle(s, o),
		condition(s->pids.count > 0, o, FACT(TOUCHED), o->fact[FACT_TOUCHED]),
		condition(s->stale, o, FACT(STALE), o->fact[FACT_STALE] == STALE_YES),
	};
	enum match match = MATCH_YES;

	for (size_t i = 0; i < ARRAY_SIZE(matches); i++) {
		if (matches[i] == MATCH_NO)
			return MATCH_NO;
		if (matches[i] == MATCH_UNKNOWN)
			match = MATCH_UNKNOWN;
	}
	return match;
}

facts_t
selector_needs(const struct selector *s)
{
	facts_t needs = 0;

	if (s->users.count > 0)
		needs |= FACT(UID);
	if (s->creators.count > 0)
		needs |= FACT(CUID);
	if (s->groups.count > 0)
		needs |= FACT(GID);
	if (s->keys.count > 0)
		needs |= FACT(KEY);
	if (s->pids.count > 0)
		needs |= FACT(TOUCHED);
	if (s->has_min_size || s->has_max_size)
		needs |= FACT(SIZE);
	if (s->perms.count > 0 || s->states.count > 0)
		needs |= FACT(MODE);
	if (s->has_idle)
		needs |= FACTS_TIMES | FACT(NATTCH) | FACT(WAITED) | FACT(USED);
	if (s->unattached)
		needs |= FACT(NATTCH) | FACT(USED);
	if (s->names.count > 0)
		needs |= FACT(NAME);
	if (s->unlinked)
		needs |= FACT(NAME) | FACT(NLINK);
	if (s->empty || s->has_min_messages)
		needs |= FACT(QNUM);
	if (s->stale)
		needs |= FACT(STALE);
	return needs;
}

bool
selector_is_given(const struct selector *s)
{
	return selector_needs(s) != 0;
}

bool
selector_needs_names(const struct selector *s)
{
	return s->names.count > 0 || s->unlinked;
}

/* Those of the states asked for that the object has. */
static void
put_states(struct buf *b, const struct any_state *any, const struct object *o)
{
	const char *before = b->len > 0 ? ", state " : "state ";

	for (const struct kind_state *s = o->kind->states; s->flag != 0; s++)
		if (o->fact[FACT_MODE] & s->flag & flags_of(any, o->kind)) {
			buf_printf(b, "%s%s", before, s->word);
			before = " and ";
		}
}

static void
put_reason(struct buf *b, const char *what, enum value_type type, uint64_t number,
	time_t now)
{
	const struct style style = { .people = true, .now = now };
	const struct value v = { .type = type, .number = number };

	buf_printf(b, "%s%s", b->len > 0 ? ", " : "", what);
	value_text(&v, &style, b);
}

/* "unused, not active for 6h" */
static void
put_use_reason(struct buf *b, const struct selector *s, const struct object *o)
{
	if (s->unattached || s->has_idle)
		buf_str(b, "unused");
	if (s->has_idle)
		put_reason(b, "not active for ", VALUE_AGE, object_active(o), o->read);
}

void
selector_reason(const struct selector *s, const struct object *o, struct buf *reason)
{
	const uint64_t *fact = o->fact;
	struct buf b = { 0 };
	bool tells_use;

	if (o->kind->facts & FACT(USED))
		put_use_reason(&b, s, o);
	tells_use = b.len > 0;
	if (s->users.count > 0 && !tells_use)
		put_reason(&b, "owned by ", VALUE_USER, fact[FACT_UID], 0);
	if (s->creators.count > 0)
		put_reason(&b, "created by ", VALUE_USER, fact[FACT_CUID], 0);
	if (s->groups.count > 0 && !tells_use)
		put_reason(&b, "of group ", VALUE_GROUP, fact[FACT_GID], 0);
	if (s->keys.count > 0)
		put_reason(&b, "key ", VALUE_KEY, fact[FACT_KEY], 0);
	if (s->perms.count > 0)
		put_reason(&b, "mode ", VALUE_MODE, fact[FACT_MODE] & 0777, 0);
	if (s->states.count > 0)
		put_states(&b, &s->states, o);
	if (s->pids.count == 1)
		buf_printf(&b, "%sof process %u", b.len > 0 ? ", " : "", s->pids.list[0]);
	else if (s->pids.count > 1)
		buf_printf(&b, "%sof one of the processes named", b.len > 0 ? ", " : "");
	if (s->has_min_size || s->has_max_size)
		put_reason(&b, "bytes: ", VALUE_SIZE, fact[FACT_SIZE], 0);
	if (s->has_min_messages)
		put_reason(&b, "messages: ", VALUE_NUMBER, fact[FACT_QNUM], 0);
	if (s->has_idle && !tells_use)
		put_reason(&b, "idle for ", VALUE_AGE, object_active(o), o->read);
	if (s->unattached && !tells_use)
		buf_printf(&b, "%sunattached", b.len > 0 ? ", " : "");
	if (s->empty)
		buf_printf(&b, "%sempty", b.len > 0 ? ", " : "");
	buf_add(reason, b.data, b.len);
	buf_free(&b);
}
