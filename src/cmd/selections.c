/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/selections.h"

#include <stdlib.h>

#include "lib/xalloc.h"

/* The selection in one of the spaces. */
struct one_selection {
	bool is_run; /* or has had its first look */
	struct request request;
	struct selection selection;
};

static enum status
run_one(struct selections *s, struct one_selection *one, const struct receiver *receiver)
{
	if (!one->is_run)
		selection_start(&one->selection, &one->request);
	one->is_run = true;
	s->now = &one->selection;
	return selection_run(&one->selection, receiver);
}

/* Has a first look at each of the namespaces.  That is what the second look, which
 * confirms that an object is stale, waits for; so the run waits once. */
static void
look_first(struct selections *s)
{
	for (size_t i = 0; i < s->spaces.count; i++) {
		struct one_selection *one = &s->list[i];

		if (spaces_move_to(&s->spaces, i) < 0)
			continue;
		selection_start(&one->selection, &one->request);
		one->is_run = selection_finds_stale(&one->selection);
		if (!one->is_run)
			selection_end(&one->selection);
	}
}

/* Whether a second look must confirm that objects are stale. */
static bool
judges(const struct request *request)
{
	facts_t asked = request->wanted | selector_needs(&request->select->selector);

	return request->confirms && (asked & (FACT(STALE) | FACT(CAUSE) | FACT(REASON)));
}

enum status
selections_run(struct selections *s, const struct request *request,
	const struct receiver *receiver)
{
	enum status status = STATUS_OK;

	s->list = xcalloc(s->spaces.count + 1, sizeof *s->list);
	for (size_t i = 0; i < s->spaces.count; i++) {
		s->list[i].request = *request;
		s->list[i].request.operands = &s->spaces.list[i].operands;
		s->list[i].request.outcome = &s->outcome;
	}
	if (s->spaces.count > 1 && judges(request) && spaces_may_return(&s->spaces))
		look_first(s);
	for (size_t i = 0; i < s->spaces.count; i++) {
		bool entered;

		status = cmd_worse(status, spaces_enter(&s->spaces, i, &entered));
		if (entered)
			status = cmd_worse(status, run_one(s, &s->list[i], receiver));
	}
	return status;
}

void
selections_tell(struct selections *s, bool summary)
{
	outcome_tell(&s->outcome, s->unread);
	if (summary)
		outcome_tell_summary(&s->outcome);
	spaces_tell(&s->spaces);
}

void
selections_end(struct selections *s)
{
	for (size_t i = 0; s->list != NULL && i < s->spaces.count; i++)
		if (s->list[i].is_run)
			selection_end(&s->list[i].selection);
	free(s->list);
	outcome_free(&s->outcome);
	spaces_free(&s->spaces);
}
