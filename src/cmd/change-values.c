/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/change-values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kind/access.h"
#include "kind/set.h"
#include "lib/xalloc.h"
#include "report/explain.h"

enum { UNNAMED = -1, UNKNOWN = -1 }; /* in arrays of values of semaphores */
#define VALUE_UNKNOWN UINT64_MAX

static unsigned
value_to_set(const struct change_work *w)
{
	return w->opt->changes->values.list[0].value;
}

/* Finds out whether the value of an object that is one semaphore can be set, and stores
 * the value; VALUE_UNKNOWN if to read it needs the new mode. */
static int
try_value(struct change_work *w, uint64_t *old)
{
	if (w->old.kind->semaphore->set_value(
		    &w->old, value_to_set(w), true, old, &w->cause) == 0)
		return 0;
	if (errno != EACCES || !access_is_allowed(&w->granted, 06))
		return -1;
	w->cause.len = 0;
	*old = VALUE_UNKNOWN;
	return 0;
}

bool
change_may_set_value(struct change_work *w)
{
	uint64_t old;

	return w->old.kind->semaphore == NULL || try_value(w, &old) == 0;
}

static void
note_value(struct change_work *w, size_t num)
{
	if (w->sems.old_values[num] == UNKNOWN)
		buf_printf(
			change_note(w), "semaphore %zu -> %d", num, w->sems.values[num]);
	else
		buf_printf(change_note(w), "semaphore %zu %d -> %d", num,
			w->sems.old_values[num], w->sems.values[num]);
}

/* Whether a semaphore gets another value.  SETVAL clears the undo values of processes, so
 * a value that is already there must not be set. */
static bool
is_to_change(const struct change_work *w, size_t num)
{
	return w->sems.values[num] != UNNAMED &&
		w->sems.values[num] != w->sems.old_values[num];
}

/* Reads the values of the named semaphores; returns how many will change. */
static size_t
count_changing(struct change_work *w)
{
	size_t changing = 0;
	unsigned value;

	for (size_t i = 0; i < w->old.fact[FACT_NSEMS]; i++) {
		w->sems.old_values[i] = UNKNOWN;
		if (w->sems.values[i] != UNNAMED &&
			w->old.kind->set->get_value(&w->old, i, &value) == 0)
			w->sems.old_values[i] = value;
		changing += is_to_change(w, i);
	}
	return changing;
}

/* Sets the values of all semaphores in one call. */
static int
set_all(struct change_work *w)
{
	for (size_t i = 0; i < w->old.fact[FACT_NSEMS]; i++) {
		w->sems.all[i] = w->sems.values[i];
		note_value(w, i);
	}
	return w->opt->dry_run ? 0 : w->old.kind->set->set_values(&w->old, w->sems.all);
}

static int
set_one(struct change_work *w, size_t num)
{
	note_value(w, num);
	return w->opt->dry_run
		? 0
		: w->old.kind->set->set_value(&w->old, num, w->sems.values[num]);
}

/* Sets the value of an object that is one semaphore. */
static int
change_value(struct change_work *w)
{
	enum { ROOM = 64 };
	unsigned value = value_to_set(w);
	uint64_t old;

	buf_grow(&w->done, ROOM);
	if (w->opt->dry_run ? try_value(w, &old) < 0
			    : w->old.kind->semaphore->set_value(
				      &w->old, value, false, &old, &w->cause) < 0)
		return -1;
	if (old == VALUE_UNKNOWN)
		buf_printf(change_note(w), "value -> %u", value);
	else if (old != value)
		buf_printf(change_note(w), "value %" PRIu64 " -> %u", old, value);
	change_keep_notes(w, true);
	return 0;
}

int
change_values(struct change_work *w)
{
	size_t count = w->old.fact[FACT_NSEMS];
	size_t changing = w->sems.values == NULL ? 0 : count_changing(w);
	int error, rc = 0;

	if (w->old.kind->semaphore != NULL && w->opt->changes->values.count > 0)
		return change_value(w);
	if (changing == 0)
		return 0;
	if (w->opt->dry_run && !access_is_allowed(&w->granted, 02)) {
		errno = EACCES;
		rc = -1;
	} else if (changing == count) {
		rc = set_all(w);
	} else {
		for (size_t i = 0; i < count && rc == 0; i++) {
			if (!is_to_change(w, i))
				continue;
			rc = set_one(w, i);
			error = errno;
			change_keep_notes(w, rc == 0);
			errno = error;
		}
	}
	error = errno;
	change_keep_notes(w, rc == 0);
	if (rc < 0 && !explain_gone(&w->old, error, &w->cause))
		buf_printf(&w->cause, "cannot set values: %s",
			error == EACCES ? "the mode gives no permission to write"
					: strerror(error));
	return rc;
}

void
change_prepare_values(struct change_work *w)
{
	const struct opt_values *opt = &w->opt->changes->values;
	size_t count = w->old.fact[FACT_NSEMS];

	if (opt->count == 0 || w->old.kind->set == NULL)
		return;
	w->sems.values = xcalloc(count, sizeof *w->sems.values);
	w->sems.old_values = xcalloc(count, sizeof *w->sems.old_values);
	w->sems.all = xcalloc(count, sizeof *w->sems.all);
	for (size_t i = 0; i < count; i++)
		w->sems.values[i] = UNNAMED;
	for (size_t i = 0; i < opt->count; i++)
		for (size_t n = opt->list[i].first; n <= opt->list[i].last && n < count;
			n++)
			w->sems.values[n] = opt->list[i].value;
}

void
change_free_values(struct change_work *w)
{
	free(w->sems.values);
	free(w->sems.old_values);
	free(w->sems.all);
}
