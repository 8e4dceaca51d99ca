/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_SELECTION_H
#define CMD_SELECTION_H

#include "cli/operands.h"
#include "cli/select.h"
#include "cmd/cmd.h"
#include "cmd/unread.h"
#include "kind/source.h"
#include "process/derive.h"
#include "report/summary.h"

/* Which objects a command works on, and what it must know of them. */
struct gather {
	const struct opt_operands *operands;
	const struct opt_select *select; /* NULL when the command has no such options */
	const struct exclusions *keep; /* never chosen by conditions; or NULL */
	facts_t wanted;
	struct source_options source;
	bool missing_is_fine; /* no message about an object that is not there */
	bool tells_unchosen; /* one about an object that is named, but not chosen */
	/* Is told of each object that is not there, by its name; may be NULL. */
	void (*missing)(void *arg, const char *text);
	facts_t firm; /* of those wanted: what cannot be told is to be explained */
	facts_t also; /* that the caller asks the scan for by itself */
	unsigned scan; /* what the caller needs of the scan beside that: SCAN_... */
	bool confirms; /* that an object is stale takes a second scan */
	/* Whose values fn counts, and where the reasons are noted; NULL for a command
	 * that prints none. */
	struct unread *unread;

	/* Filled while gathering: */
	bool has_conditions;
	bool unjudged; /* whether some object that was asked for is stale is unknown */
	size_t undecided; /* objects of which it is unknown whether they are chosen */
	size_t kept; /* objects that the conditions chose, but keep excludes */
	size_t stale; /* objects that --stale found */
	struct summary summary; /* of the candidates of --stale that are not */
	struct derive derive; /* goes on to serve until gather_end() */
};

/* What is done with each object; text is its name as it was typed, valid during the
 * call, or NULL when its type was. */
typedef void gather_fn(void *arg, const char *text, struct object *o);

/*
 * Calls fn for each object that the operands name and the conditions choose: the types
 * first, in their order, then the references as they were named, each object once.  Says
 * what is not there and what could not be read; returns the status that this makes.
 */
enum status gather(struct gather *g, gather_fn *fn, void *arg);

/* Says how many processes could not be looked at, if that mattered, and how many
 * objects could not be judged. */
void gather_tell(struct gather *g);

/* Says why no candidate is stale, if there is none, but are candidates. */
void gather_tell_summary(struct gather *g);

/* Looks at the processes anew from now on. */
void gather_again(struct gather *g);

/* Releases everything. */
void gather_end(struct gather *g);

/* Finds out what is wanted of an object and whether it is chosen, also when it is read
 * again; named: it was named by reference. */
bool gather_chooses(struct gather *g, struct object *o, bool named);

#endif
