/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_CANDIDATES_H
#define CMD_CANDIDATES_H

#include <stdbool.h>

#include "kind/kind.h"
#include "lib/buf.h"

/* More of them than this help nobody. */
enum { CANDIDATES_MAX = 1000 };

/* What may stand in the place of a word that has been begun. */
struct candidates {
	const char *word; /* as far as it has been typed */
	size_t kept; /* so many bytes of it stay, for example "--sort=key," */

	size_t count;
	struct buf lines; /* the whole word, a tab and what it means, a line each */
};

/* What the candidates start with after the bytes that stay. */
const char *candidates_typed(const struct candidates *c);

/* Keeps what has been typed up to one of these characters, the last one of it, if there
 * is one. */
void candidates_keep(struct candidates *c, const char *up_to);

/* Whether there are as many as there may be. */
bool candidates_full(const struct candidates *c);

/*
 * Adds one if it starts with what has been typed; meaning may be NULL.  Control
 * characters in the meaning are escaped.  A candidate that has any is left out, because
 * no shell could be given it.
 */
void candidates_add(struct candidates *c, const char *text, const char *meaning);

/* The users and the groups of the databases, and the processes that /proc shows, without
 * threads of the kernel, which use no object. */
void candidates_users(struct candidates *c);
void candidates_groups(struct candidates *c);
void candidates_pids(struct candidates *c);

/* What names the objects of a kind: their references, ids or keys, each object with its
 * owner and size. */
enum candidates_name { NAME_REF, NAME_ID, NAME_KEY };
void candidates_objects(
	struct candidates *c, const struct kind *kind, enum candidates_name name);

#endif
