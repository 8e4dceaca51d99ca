/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal-ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/ask.h"
#include "cmd/removal-report.h"
#include "kind/kind.h"
#include "lib/message.h"
#include "lib/xalloc.h"

/* Whether an object is part of the question: conditions selected it among those of a
 * type, and it is not refused. */
static bool
is_asked(const struct victim *v)
{
	return v->text == NULL && !v->refused;
}

static void
show_asked(const struct judge *judges, size_t count, size_t asked)
{
	const struct kept **objects = xcalloc(asked, sizeof *objects);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < judges[i].count; k++)
			if (is_asked(&judges[i].victims[k]))
				objects[n++] = judges[i].victims[k].kept;
	ask_show(objects, n);
	free(objects);
}

/* Says of each object what its removal may harm. */
static void
say_effects(struct judge *j)
{
	struct buf use = { 0 };
	char room[REF_SIZE];
	struct object o;

	for (size_t i = 0; i < j->count; i++) {
		struct victim *v = &j->victims[i];

		victim_open(v, &o);
		use.len = 0;
		if (is_asked(v) && v->in_use != IN_USE_NO)
			report_put_use(v, &use);
		else if (is_asked(v) && v->has_knowers)
			buf_str(&use, v->why);
		if (use.len > 0)
			say("%s: %s", report_name(v, room), buf_text(&use));
		victim_close(v);
	}
	buf_free(&use);
}

/* Says why objects are refused, of up to most of them; returns of how many. */
static size_t
say_refused(struct judge *j, size_t most)
{
	size_t refused = 0;

	for (size_t i = 0; i < j->count && refused < most; i++) {
		struct victim *v = &j->victims[i];
		struct object o;

		if (!v->refused || v->told)
			continue;
		victim_open(v, &o);
		report_say_refused(v);
		victim_close(v);
		refused++;
	}
	return refused;
}

/* Asks about the objects, asked in number; returns whether the answer is yes. */
static bool
ask_about(struct judge *judges, size_t count, size_t asked)
{
	size_t used = 0, refused = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < judges[i].count; k++) {
			const struct victim *v = &judges[i].victims[k];

			used += is_asked(v) && v->in_use == IN_USE_YES;
		}
	show_asked(judges, count, asked);
	for (size_t i = 0; i < count && asked <= ASK_SHOWN_MAX; i++)
		say_effects(&judges[i]);
	for (size_t i = 0; i < count; i++)
		refused += say_refused(&judges[i], ASK_SHOWN_MAX - refused);
	if (asked == 1)
		fprintf(stderr, "Remove this object%s? [y/N] ",
			used == 1 ? ", which is in use" : "");
	else if (used > 0)
		fprintf(stderr,
			"Remove these %zu objects? %zu of these %s in use. [y/N] ", asked,
			used, used == 1 ? "is" : "are");
	else
		fprintf(stderr, "Remove these %zu objects? [y/N] ", asked);
	return ask_yes();
}

/* Reports the objects that stay because the answer was no. */
static void
report_no(struct judge *j)
{
	for (size_t i = 0; i < j->count; i++) {
		char room[REF_SIZE];
		struct victim *v = &j->victims[i];
		struct object o;

		if (v->refused)
			continue;
		victim_open(v, &o);
		report_result(j->report, report_name(v, room), v->object, RESULT_KEPT,
			"the answer was no", false);
		victim_close(v);
	}
}

enum status
removal_ask(const struct removal_options *opt, struct judge *judges, size_t count,
	bool *go_on)
{
	size_t asked = 0;

	*go_on = true;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < judges[i].count; k++)
			asked += is_asked(&judges[i].victims[k]);
	if (asked == 0 || opt->yes || opt->dry_run)
		return STATUS_OK;
	*go_on = false;
	if (!ask_can(asked, opt->operands.from_stdin, "removed"))
		return STATUS_USAGE;
	*go_on = ask_about(judges, count, asked);
	if (!*go_on)
		say("nothing has been removed");
	for (size_t i = 0; i < count; i++) {
		judges[i].asked = *go_on;
		if (!*go_on)
			report_no(&judges[i]);
	}
	return *go_on ? STATUS_OK : STATUS_SOME;
}
