/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/namespaces-stale.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd/undetermined.h"
#include "kind/source.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/xalloc.h"
#include "namespace/enter.h"
#include "process/derive.h"
#include "process/rule-times.h"

/* The objects of a namespace that the first look finds stale. */
struct candidates_of_row {
	struct object *list;
	size_t count;
};

/* A look at all namespaces. */
struct look_at_rows {
	struct namespaces *all;
	bool alone;
	struct undetermined unknown;
};

/* Files do not follow the rule of their namespace: any process can open them. */
static kinds_t
judged_kinds(void)
{
	kinds_t judged = ns_counted_kinds();

	for (size_t i = 0; i < kinds_count; i++)
		if (kinds[i]->is_file || kinds[i]->stale == NULL)
			judged &= ~KIND_BIT(i);
	return judged;
}

static bool
has_objects(const struct namespace_row *row)
{
	bool has = false;

	for (size_t i = 0; i < kinds_count; i++)
		if (judged_kinds() & KIND_BIT(i))
			has |= !row->counts.objects[i].is_known ||
				row->counts.objects[i].value > 0;
	return has;
}

static bool
was_counted(const struct namespace_row *row)
{
	bool was = true;

	for (size_t i = 0; i < kinds_count; i++)
		if (judged_kinds() & KIND_BIT(i))
			was &= row->counts.objects[i].is_known;
	return was;
}

/* Says once why not all objects of a namespace could be judged. */
static void
say_unjudged(const struct namespace_row *row, const char *why)
{
	struct buf name = { 0 };

	ns_file_put(&row->ns->file, &name);
	say_once("%s: nstale cannot be determined: %s", buf_text(&name), why);
	buf_free(&name);
}

static bool
is_candidate(const struct candidates_of_row *of, const struct object *o)
{
	for (size_t i = 0; i < of->count; i++)
		if (of->list[i].kind == o->kind && o->kind->same(&of->list[i], o))
			return true;
	return false;
}

/* Judges the objects of a kind.  Each that is stale is passed to take().  Returns whether
 * all could be judged. */
static bool
judge_kind(struct look_at_rows *look, const struct namespace_row *row, struct derive *d,
	const struct kind *kind, void (*take)(void *arg, const struct object *o),
	void *arg)
{
	struct buf cause = { 0 };
	struct source *source = source_open(kind,
		(FACTS_NUMBER | derive_needs(FACT(STALE))) & kind->facts,
		&(struct source_options){ 0 }, NULL, &cause);
	bool all_known = source != NULL;
	struct object o;
	int rc = 0;

	if (source == NULL)
		say_unjudged(row, buf_text(&cause));
	buf_free(&cause);
	while (source != NULL && (rc = source_next(source, &o)) == 1) {
		derive_facts(d, &o);
		if (!object_has(&o, FACT(STALE))) {
			all_known = false;
		} else if (o.fact[FACT_STALE] == STALE_UNKNOWN) {
			undetermined_note(
				&look->unknown, d, &o, FACT(STALE), &d->verdict);
			all_known = false;
		} else if (o.fact[FACT_STALE] == STALE_YES) {
			take(arg, &o);
		}
	}
	if (source != NULL) {
		if (rc < 0 || source_problems(source) > 0) {
			say_unjudged(row, "some objects cannot be read");
			all_known = false;
		}
		source_close(source);
	}
	return all_known;
}

/* Judges the objects of a namespace, as judge_kind() does. */
static bool
judge_row(struct look_at_rows *look, const struct namespace_row *row,
	void (*take)(void *arg, const struct object *o), void *arg)
{
	struct derive d = {
		.wanted = FACT(STALE),
		.kinds = judged_kinds(),
		.context = { .alone = look->alone },
	};
	bool all_known = true;

	if (ns_enter(look->all, row->ns) < 0) {
		/* For the others, the message about their counts says it. */
		if (was_counted(row))
			say_unjudged(row, strerror(errno));
		return false;
	}
	derive_start(&d);
	for (size_t i = 0; i < kinds_count; i++)
		if (d.kinds & KIND_BIT(i))
			all_known &= judge_kind(look, row, &d, kinds[i], take, arg);
	derive_end(&d);
	return all_known;
}

static void
add_candidate(void *candidates, const struct object *o)
{
	struct candidates_of_row *of = candidates;

	of->list = xgrow(of->list, of->count, sizeof *of->list);
	of->list[of->count++] = *o;
}

/* What the second look counts. */
struct confirmation {
	const struct candidates_of_row *candidates;
	uint64_t count;
};

static void
count_confirmed(void *confirmation, const struct object *o)
{
	struct confirmation *c = confirmation;

	c->count += is_candidate(c->candidates, o);
}

static void
wait_to_confirm(void)
{
	struct timespec left = { rule_times.confirm / 1000,
		rule_times.confirm % 1000 * 1000000L };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		continue;
}

void
namespaces_count_stale(struct namespaces *all, struct namespace_row *const *rows,
	size_t count, bool alone)
{
	struct candidates_of_row *first = xcalloc(count + 1, sizeof *first);
	struct look_at_rows look = { .all = all, .alone = alone };
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		rows[i]->stale.is_known = !has_objects(rows[i]) ||
			judge_row(&look, rows[i], add_candidate, &first[i]);
		found += first[i].count;
	}
	if (found > 0)
		wait_to_confirm();
	for (size_t i = 0; i < count; i++) {
		struct confirmation c = { .candidates = &first[i] };

		if (first[i].count == 0)
			continue;
		rows[i]->stale.is_known &= judge_row(&look, rows[i], count_confirmed, &c);
		rows[i]->stale.value = c.count;
		free(first[i].list);
	}
	undetermined_say(&look.unknown);
	undetermined_free(&look.unknown);
	free(first);
}
