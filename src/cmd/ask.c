/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/ask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cmd/listing.h"
#include "kind/kind.h"
#include "lib/message.h"
#include "lib/names.h"
#include "lib/tally.h"
#include "output/value.h"

bool
ask_can(size_t count, bool from_stdin, const char *done)
{
	if (!from_stdin && isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		return true;
	say("%zu object%s would be %s, and there is no terminal to ask on: add --yes to "
	    "do it, or --dry-run to see which; nothing has been %s",
		count, count == 1 ? "" : "s", done, done);
	return false;
}

static void
show_each(const struct kept *const *objects, size_t count)
{
	struct layout layout = layout_table(&fields_of_objects, stderr);
	struct listing listing;
	struct object o;

	listing_start(&listing, &layout);
	for (size_t i = 0; i < count; i++) {
		kept_object(objects[i], &o);
		listing_add(&listing, &o);
	}
	listing_end(&listing);
	layout_free(&layout);
}

/* Shows the number and size of the objects of each type and owner. */
static void
show_summary(const struct kept *const *objects, size_t count)
{
	enum { OBJECTS, BYTES, COUNTERS };
	const struct style style = { .people = true };

	for (size_t k = 0; k < kinds_count; k++) {
		struct tally *tally = tally_new(COUNTERS);
		const struct tally_row *rows;
		size_t owners;

		for (size_t i = 0; i < count; i++) {
			struct object o;
			uint64_t *counters;

			kept_object(objects[i], &o);
			if (o.kind != kinds[k])
				continue;
			counters = tally_of(tally, o.fact[FACT_UID]);
			counters[OBJECTS]++;
			counters[BYTES] += o.fact[FACT_SIZE];
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

void
ask_show(const struct kept *const *objects, size_t count)
{
	if (count <= ASK_SHOWN_MAX)
		show_each(objects, count);
	else
		show_summary(objects, count);
}

bool
ask_yes(void)
{
	char answer[64] = "";

	if (fgets(answer, sizeof answer, stdin) == NULL)
		fputc('\n', stderr); /* which the user did not type */
	return strcasecmp(answer, "y\n") == 0 || strcasecmp(answer, "yes\n") == 0;
}
