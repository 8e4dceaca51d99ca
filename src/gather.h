/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GATHER_H
#define GATHER_H

#include "cmd.h"
#include "derive.h"
#include "opt-operands.h"
#include "opt-select.h"
#include "source.h"
#include "unread.h"

/* Which objects a command works on, and what it must know of them. */
struct gather {
	const struct opt_operands *operands;
	const struct opt_select *select; /* NULL when the command has no such options */
	facts_t wanted;
	struct source_options source;
	bool missing_is_fine; /* no message about an object that is not there */
	bool tells_unchosen; /* one about an object that is named, but not chosen */
	bool fresh; /* the object at hand has been read just now, by a call of its own */
	facts_t firm; /* of those wanted: what cannot be told is to be explained */
	bool unjudged; /* of some object that was asked for nobody can tell whether it is stale */
	facts_t also; /* that the caller asks look.walk for by itself */
	/* Whose values fn counts, and where the reasons are noted; NULL for a command that prints
	 * none. */
	struct unread *unread;
	struct look
		look; /* filled while gathering; goes on to serve until gather_end() */
};

/* What is done with each object; text is its name as it was typed, valid during the call, or
 * NULL when its type was. */
typedef void gather_fn(void *arg, const char *text, struct object *o);

/*
 * Calls fn for each object that the operands name and the conditions choose: the types first,
 * in their order, then the references as they were named, each object once.  Says what is
 * not there and what could not be read; returns the status that this makes.
 */
enum status gather(struct gather *g, gather_fn *fn, void *arg);

/* Says how many processes could not be looked at, if that mattered; releases everything. */
void gather_end(struct gather *g);

/* Finds out what is wanted of an object and whether it is chosen, also when read again. */
bool gather_chooses(struct gather *g, struct object *o);

#endif
