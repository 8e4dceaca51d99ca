/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/removal-ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/listing.h"
#include "cmd/removal-report.h"
#include "kind/kind.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/tally.h"
#include "output/value.h"

enum { SHOWN_MAX = 20 }; /* maximum number of objects to show one by one */

bool
ask_can(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* Whether an object is part of the question: conditions selected it, and it is not
 * refused. */
static bool
is_asked(const struct victim *v)
{
	return v->text == NULL && !v->refused;
}

/* Shows each object, and the effects of its removal. */
static void
show_each(const struct victim *victims, size_t count)
{
	struct layout layout = layout_table(&fields_of_objects, stderr);
	struct listing listing;
	char text[VICTIM_NAME];

	listing_start(&listing, &layout);
	for (size_t i = 0; i < count; i++)
		if (is_asked(&victims[i]))
			listing_add(&listing, &victims[i].object);
	listing_end(&listing);
	layout_free(&layout);
	for (size_t i = 0; i < count; i++) {
		const struct victim *v = &victims[i];

		if (is_asked(v) && v->in_use != IN_USE_NO)
			say("%s: %s: %s", report_name(v, text),
				v->in_use == IN_USE_YES ? "in use" : "may be in use",
				v->reason);
		else if (is_asked(v) && strstr(v->why, "may know it") != NULL)
			say("%s: %s", report_name(v, text), v->why);
	}
}

/* Shows the number and size of the objects of each type and owner. */
static void
show_summary(const struct victim *victims, size_t count)
{
	enum { OBJECTS, BYTES, COUNTERS };
	const struct style style = { .people = true };

	for (size_t k = 0; k < kinds_count; k++) {
		struct tally *tally = tally_new(COUNTERS);
		const struct tally_row *rows;
		size_t owners;

		for (size_t i = 0; i < count; i++) {
			const struct object *o = &victims[i].object;
			uint64_t *counters;

			if (!is_asked(&victims[i]) || o->kind != kinds[k])
				continue;
			counters = tally_of(tally, o->fact[FACT_UID]);
			counters[OBJECTS]++;
			counters[BYTES] += o->fact[FACT_SIZE];
		}
		rows = tally_rows(tally, OBJECTS, &owners);
		for (size_t i = 0; i < owners; i++) {
			uint64_t n = rows[i].counters[OBJECTS];
			const struct value size = { .type = VALUE_SIZE,
				.number = rows[i].counters[BYTES] };
			struct buf line = { 0 };

			buf_printf(&line, "%" PRIu64 " %s of %s", n,
				n == 1 ? kinds[k]->short_noun : kinds[k]->short_nouns,
				names_user(rows[i].id));
			if (kinds[k]->facts & FACT(SIZE)) {
				buf_str(&line, ", ");
				value_text(&size, &style, &line);
			}
			say("%s", buf_text(&line));
			buf_free(&line);
		}
		tally_free(tally);
	}
	say("--dry-run shows each of them");
}

bool
ask(struct victim *victims, size_t count)
{
	size_t asked = 0, used = 0, refused = 0;
	char answer[64] = "";

	for (size_t i = 0; i < count; i++) {
		asked += is_asked(&victims[i]);
		used += is_asked(&victims[i]) && victims[i].in_use == IN_USE_YES;
	}
	if (asked <= SHOWN_MAX)
		show_each(victims, count);
	else
		show_summary(victims, count);
	for (size_t i = 0; i < count && refused < SHOWN_MAX; i++) {
		struct victim *v = &victims[i];

		if (!v->refused || v->told)
			continue;
		report_say_refused(v);
		refused++;
	}
	if (asked == 1)
		fprintf(stderr, "Remove this object%s? [y/N] ",
			used == 1 ? ", which is in use" : "");
	else if (used > 0)
		fprintf(stderr,
			"Remove these %zu objects? %zu of these %s in use. [y/N] ", asked,
			used, used == 1 ? "is" : "are");
	else
		fprintf(stderr, "Remove these %zu objects? [y/N] ", asked);
	if (fgets(answer, sizeof answer, stdin) == NULL)
		fputc('\n', stderr); /* which the user did not type */
	return strcasecmp(answer, "y\n") == 0 || strcasecmp(answer, "yes\n") == 0;
}
