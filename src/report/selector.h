/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_SELECTOR_H
#define REPORT_SELECTOR_H

#include "kind/object.h"
#include "lib/buf.h"

/* A set of numbers, one of which must be the object's; the empty set matches any
 * object. */
struct any_of {
	uint32_t *list;
	size_t count;
};

/* What a mode is to be, as find(1) compares it. */
struct perm {
	enum perm_how {
		PERM_EXACT,
		PERM_ALL, /* has at least these bits */
		PERM_ANY, /* has one of these bits; with no bits: any mode */
	} how;
	unsigned bits;
};

/* Some of these, of which one is to hold. */
struct any_perm {
	struct perm *list;
	size_t count;
};

/* Words for states, or patterns of names, of which an object is to have one; not
 * owned. */
struct any_state {
	const char **list;
	size_t count;
};

/* Conditions that select objects.  All given conditions must hold; {0} selects every
 * object. */
struct selector {
	struct any_of users, creators, groups;
	struct any_of keys; /* 0 is IPC_PRIVATE */
	struct any_of pids; /* created by, last used by, or using it now */
	struct any_perm perms;
	struct any_state states;
	bool has_min_size, has_max_size, has_min_messages, has_idle;
	uint64_t min_size, max_size; /* bytes */
	uint64_t min_messages;
	uint64_t idle; /* seconds */
	bool unattached, empty, stale;
	bool unlinked; /* without a name */
	struct any_state names; /* patterns of names, fnmatch(3) */
};

enum match {
	MATCH_NO,
	MATCH_YES,
	MATCH_UNKNOWN, /* a fact that decides is not known, or not yet */
};

/* Whether the conditions hold, as far as the facts of the object are known. */
enum match selector_match(const struct selector *s, const struct object *o);

/* The facts that the conditions need. */
facts_t selector_needs(const struct selector *s);

/* Whether any condition is given. */
bool selector_is_given(const struct selector *s);

/* Whether a condition is given that only objects with names meet. */
bool selector_needs_names(const struct selector *s);

/* Appends the conditions that an object meets, as text: "owned by app, idle for 3d".  The
 * condition "stale" is left out, because it has a reason of its own. */
void selector_reason(
	const struct selector *s, const struct object *o, struct buf *reason);

void selector_add(struct any_of *any, uint32_t number);
void selector_add_perm(struct selector *s, enum perm_how how, unsigned bits);
void selector_add_state(struct selector *s, const char *word);
void selector_add_name(struct selector *s, const char *pattern);
void selector_free(struct selector *s);

#endif
