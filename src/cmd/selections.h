/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_SELECTIONS_H
#define CMD_SELECTIONS_H

#include "cmd/selection.h"
#include "cmd/spaces.h"

/* The objects of a request in several IPC namespaces: a selection for each. */
struct selections {
	struct spaces spaces; /* set before: those that spaces_find() has found */
	struct outcome outcome; /* of all */
	size_t unread; /* set by the command: values that could not be read */
	const struct selection *now; /* the current one, while objects are received */
	struct one_selection *list;
};

/*
 * Enters each of the namespaces, and passes its objects to the receiver as
 * selection_run() does; the request needs no operands.  What the objects point to stays
 * valid until selections_end().  Returns the status.
 */
enum status selections_run(struct selections *s, const struct request *request,
	const struct receiver *receiver);

/* Says what could not be read or judged, and, if summary is set, why no candidate of
 * --stale is stale. */
void selections_tell(struct selections *s, bool summary);

void selections_end(struct selections *s);

#endif
