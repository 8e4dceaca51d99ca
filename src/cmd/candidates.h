/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_CANDIDATES_H
#define CMD_CANDIDATES_H

#include <stdbool.h>

#include "kind/kind.h"
#include "lib/buf.h"

/* A longer list is of no use. */
enum { CANDIDATES_MAX = 1000 };

/* The words that can complete a word. */
struct candidates {
	const char *word; /* as typed so far */
	size_t kept; /* the bytes of it that stay, for example of "--sort=key," */

	size_t count;
	struct buf lines; /* a line for each: the whole word, a tab and its meaning */
};

/* The part of the word after the bytes that stay; candidates begin with it. */
const char *candidates_typed(const struct candidates *c);

/* Keeps the word up to the last of these characters, if it has one. */
void candidates_keep(struct candidates *c, const char *up_to);

/* Whether no more candidates are added. */
bool candidates_full(const struct candidates *c);

/*
 * Adds a candidate if it begins with candidates_typed(); meaning may be NULL.  Control
 * characters in the meaning are escaped.  A candidate with control characters is left
 * out, because a shell cannot take it.
 */
void candidates_add(struct candidates *c, const char *text, const char *meaning);

/* Add the users and groups of the databases, and the processes in /proc without kernel
 * threads, which use no objects. */
void candidates_users(struct candidates *c);
void candidates_groups(struct candidates *c);
void candidates_pids(struct candidates *c);

/* Adds the references, ids or keys of the objects of a kind, with their owners and
 * sizes. */
enum candidates_name { NAME_REF, NAME_ID, NAME_KEY };
void candidates_objects(
	struct candidates *c, const struct kind *kind, enum candidates_name name);

#endif
