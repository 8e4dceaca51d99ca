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

/* Whether an object is part of the question: conditions selected it, and it is not
 * refused. */
static bool
is_asked(const struct victim *v)
{
	return v->text == NULL && !v->refused;
}

static void
show_asked(const struct victim *victims, size_t count)
{
	const struct kept **asked = xcalloc(count + 1, sizeof *asked);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (is_asked(&victims[i]))
			asked[n++] = victims[i].kept;
	ask_show(asked, n);
	free(asked);
}

/* Says of each object what its removal may harm. */
static void
say_effects(struct victim *victims, size_t count)
{
	struct buf use = { 0 };
	char room[REF_SIZE];
	struct object o;

	for (size_t i = 0; i < count; i++) {
		struct victim *v = &victims[i];

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

bool
removal_ask(struct victim *victims, size_t count)
{
	size_t asked = 0, used = 0, refused = 0;

	for (size_t i = 0; i < count; i++) {
		asked += is_asked(&victims[i]);
		used += is_asked(&victims[i]) && victims[i].in_use == IN_USE_YES;
	}
	show_asked(victims, count);
	if (asked <= ASK_SHOWN_MAX)
		say_effects(victims, count);
	for (size_t i = 0; i < count && refused < ASK_SHOWN_MAX; i++) {
		struct victim *v = &victims[i];
		struct object o;

		if (!v->refused || v->told)
			continue;
		victim_open(v, &o);
		report_say_refused(v);
		victim_close(v);
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
	return ask_yes();
}
