/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_SELECTOR_H
#define REPORT_SELECTOR_H

#include "kind/object.h"
#include "lib/buf.h"

/* Some numbers of which an object's is to be one; none at all: any will do. */
struct any_of {
	uint32_t *list;
	size_t count;
};

/*
 * Conditions that choose among objects.  Those that are given must all hold; {0} chooses
 * every object.
 */
struct selector {
	struct any_of users, creators, groups;
	struct any_of keys; /* 0 is IPC_PRIVATE */
	struct any_of pids; /* created by, last used by, or using it now */
	bool has_min_size, has_max_size, has_idle;
	uint64_t min_size, max_size; /* bytes */
	uint64_t idle; /* seconds */
	bool unattached, empty, stale;
};

enum match {
	MATCH_NO,
	MATCH_YES,
	MATCH_UNKNOWN, /* a fact that decides is not known (yet) */
};

/* Whether the conditions hold for what is known of the object. */
enum match selector_match(const struct selector *s, const struct object *o);

/* The facts that the conditions ask for. */
facts_t selector_needs(const struct selector *s);

/* Whether there is any condition. */
bool selector_is_given(const struct selector *s);

/*
 * Appends the conditions that an object fulfils, in words: "owned by app, idle for 3d".
 * That it is stale has reasons of its own.
 */
void selector_reason(
	const struct selector *s, const struct object *o, struct buf *reason);

void selector_add(struct any_of *any, uint32_t number);
void selector_free(struct selector *s);

#endif
