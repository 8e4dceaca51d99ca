/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/selections.h"

#include <stdlib.h>

#include "lib/xalloc.h"

/* The selection in one of the spaces. */
struct one_selection {
	bool is_run;
	struct request request;
	struct selection selection;
	size_t unread; /* values of its objects */
};

static enum status
run_one(struct selections *s, struct one_selection *one, const struct receiver *receiver)
{
	size_t before = *s->unread;
	enum status status;

	one->is_run = true;
	selection_start(&one->selection, &one->request);
	s->now = &one->selection;
	status = selection_run(&one->selection, receiver);
	one->unread = *s->unread - before;
	return status;
}

enum status
selections_run(struct selections *s, const struct request *request,
	const struct receiver *receiver)
{
	enum status status = STATUS_OK;

	s->list = xcalloc(s->spaces.count + 1, sizeof *s->list);
	for (size_t i = 0; i < s->spaces.count; i++) {
		struct one_selection *one = &s->list[i];
		bool entered;

		one->request = *request;
		one->request.operands = &s->spaces.list[i].operands;
		status = cmd_worse(status, spaces_enter(&s->spaces, i, &entered));
		if (entered)
			status = cmd_worse(status, run_one(s, one, receiver));
	}
	return status;
}

void
selections_tell(struct selections *s, bool summary)
{
	for (size_t i = 0; s->list != NULL && i < s->spaces.count; i++) {
		struct one_selection *one = &s->list[i];

		if (!one->is_run)
			continue;
		selection_tell(&one->selection, one->unread);
		if (summary)
			selection_tell_summary(&one->selection);
	}
	spaces_tell(&s->spaces);
}

void
selections_end(struct selections *s)
{
	for (size_t i = 0; s->list != NULL && i < s->spaces.count; i++)
		if (s->list[i].is_run)
			selection_end(&s->list[i].selection);
	free(s->list);
	spaces_free(&s->spaces);
}
