/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/target.h"

#include "cli/common.h"
#include "lib/buf.h"

/* Appends what the command takes, as "a reference to a message queue, such as msg:0". */
static void
put_wanted(const struct opt_target *t, struct buf *b)
{
	const char *first = NULL;

	buf_str(b, "a reference to a");
	for (size_t i = 0; i < kinds_count; i++) {
		if (!t->fits(kinds[i]))
			continue;
		buf_printf(b, "%s %s", first == NULL ? "" : " or a", kinds[i]->noun);
		if (first == NULL)
			first = kinds[i]->name;
	}
	if (first != NULL)
		buf_printf(b, ", such as %s:0", first);
	else
		buf_str(b, " type of object that ipctool does not have");
}

bool
opt_target_given(const struct opt_target *t)
{
	return t->operands.count > 0;
}

void
opt_target_add(struct opt_target *t, const char *text, const struct argp_state *state)
{
	struct buf wanted = { 0 };
	const struct kind *kind;

	t->operands.fits = t->fits;
	t->operands.needs_names = true;
	opt_operands_add(&t->operands, text, state);
	kind = t->operands.list[0].ref.kind;
	if (t->fits(kind))
		return;
	if (kind->refuses[t->operation] != NULL)
		opt_error(state, "%s: %s", text, kind->refuses[t->operation]);
	put_wanted(t, &wanted);
	opt_error(
		state, "'%s' is a %s; expected %s", text, kind->noun, buf_text(&wanted));
}

void
opt_target_require(const struct opt_target *t, const struct argp_state *state)
{
	struct buf wanted = { 0 };

	if (opt_target_given(t))
		return;
	put_wanted(t, &wanted);
	opt_error(state, "nothing is named: give %s", buf_text(&wanted));
}
