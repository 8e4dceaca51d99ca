/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CMD_REMOVAL_REPORT_H
#define CMD_REMOVAL_REPORT_H

#include "cmd/removal.h"
#include "cmd/victim.h"
#include "kind/ref.h"
#include "output/value.h"

/* How results are reported. */
struct report {
	const struct removal_options *opt;
	struct out out; /* for the results, if a program reads them */
};

void report_begin(struct report *r, const struct removal_options *opt);
void report_end(struct report *r);

/* The name of a victim: as typed, or else its reference, for which there is room. */
const char *report_name(const struct victim *v, char room[REF_SIZE]);

/*
 * Describes an object for the report of its removal, "key 0x0000abc1, owner hpc, 1.0M,
 * idle 2h; last used by process 129, which has ended".  Must be called before the
 * removal.
 */
void report_describe(const struct report *r, const struct context *c,
	const struct victim *v, struct buf *text);

/* Reports that an object was removed, or marked, with its description.  Returns whether
 * the user was told, who is not told of each object unless they ask for that. */
bool report_removed(struct report *r, const struct victim *v, const char *described);

/* Reports what would be done. */
void report_plan(struct report *r, const struct victim *v);

/* Appends that an object is, or may be, in use, with the reason: "in use by 4711 (app)",
 * "holds 12 messages". */
void report_put_use(const struct victim *v, struct buf *b);

/* Says why an object is refused, unless that was already said. */
void report_say_refused(struct victim *v);

/* Reports that an object is refused because it is, or may be, in use. */
void report_refused(struct report *r, struct victim *v);

/* Reports any other result, with the reason.  o is NULL if there is no object.  If said
 * is set, also prints it as a message on standard error. */
void report_result(struct report *r, const char *name, const struct object *o,
	enum result result, const char *reason, bool said);

/* Whether the removal of the object only marks it. */
bool report_is_marked(const struct object *o);

#endif
