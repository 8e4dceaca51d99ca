/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_SOURCE_H
#define KIND_SOURCE_H

#include "kind/kind.h"
#include "kind/ref.h"
#include "lib/buf.h"

/*
 * The objects of a kind, one after the other.
 *
 * /proc/sysvipc serves by default.  The *_STAT_ANY calls serve for a fact that only they
 * give, and where the file is missing, may not be read or cannot be understood.  Either
 * is checked at its end against the number of objects that the kernel counts, and what it
 * left out is asked for once more and then from the other one: some kernels of the 5.4 to
 * 5.6 series lost rows, and a security module may hide objects from the calls.
 *
 * Objects come in the kernel's order, which is the same from both.
 */
enum source_choice {
	SOURCE_AUTO,
	SOURCE_PROC, /* only /proc/sysvipc */
	SOURCE_STAT, /* only the ctl calls */
	SOURCE_FRESH, /* the ctl calls first, each object by a call of its own */
};

/* Where objects are to be read from. */
struct source_options {
	enum source_choice choice;
	const char *dir; /* saved copies of the files of /proc/sysvipc instead of the
		      * system, by the same names; NULL for the system */
};

/* The objects of a kind that are being read.  A family's own source starts with it. */
struct source {
	const struct kind *kind;
};

/* How the objects of a kind are read; each function is what source.h has of that name. */
struct source_ops {
	struct source *(*open)(const struct kind *kind, facts_t wanted,
		const struct source_options *options, void (*problem)(const char *text),
		struct buf *cause);
	int (*next)(struct source *s, struct object *o);
	const char *(*why)(struct source *s);
	bool (*is_fresh)(const struct source *s);
	size_t (*problems)(const struct source *s);
	void (*close)(struct source *s);
	int (*find)(const struct ref *ref, const struct source_options *options,
		struct object *o, struct buf *cause);
};

/*
 * Starts reading the objects of a kind; the facts wanted decide where from.  problem() is
 * called with a text, in the words of a message, for each thing that is wrong with single
 * rows; may be NULL.  Returns NULL when the kind cannot be read at all; then *cause,
 * which belongs to the caller (buf_free()), says why.
 */
struct source *source_open(const struct kind *kind, facts_t wanted,
	const struct source_options *options, void (*problem)(const char *text),
	struct buf *cause);

/*
 * Reads the next object.  1, 0 when there is none left, -1 when reading failed and the
 * rest is lost (said through problem()).
 */
int source_next(struct source *s, struct object *o);

/* Why facts are missing in every saved copy. */
#define SOURCE_COPY_LACKS "the saved copy does not have it"

/*
 * Why a fact that was wanted is not known, in the words of a message; valid until the
 * source is closed.
 */
const char *source_why(struct source *s);

/* Whether the last object was read by a call of its own, and so just now. */
bool source_is_fresh(const struct source *s);

/* How many rows were wrong or missing. */
size_t source_problems(const struct source *s);

void source_close(struct source *s);

/*
 * Reads one object, by what of its kind is quickest and lets us, unless the options (NULL
 * for none) name the files.  1, 0 when there is none, -1 with the cause, also when it may
 * be among what could not be read.  Facts that only /proc/sysvipc has are left out unless
 * that is what was read.
 */
int source_find(const struct ref *ref, const struct source_options *options,
	struct object *o, struct buf *cause);

/* What an object is now that was read before. */
enum reread {
	REREAD_SAME,
	REREAD_GONE,
	REREAD_ANOTHER, /* another object has its place */
	REREAD_UNREADABLE, /* with the cause */
};

/*
 * Reads an object again, from the system, by its reference.  Stores what is there now
 * where there is anything; cause, which may be NULL, is added to where it cannot be read.
 */
enum reread source_reread(const struct object *o, struct object *now, struct buf *cause);

#endif
