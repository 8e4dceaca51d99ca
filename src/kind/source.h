/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_SOURCE_H
#define KIND_SOURCE_H

#include "kind/kind.h"
#include "kind/ref.h"
#include "lib/buf.h"

/*
 * Reading the objects of a kind, one after the other.
 *
 * The *_STAT_ANY calls are the default, because they cost a third of /proc/sysvipc.  The
 * file is used for facts that only it gives, if the calls are denied, and if they cost
 * more: where most indexes are unused, and where a call is slow.  At the end of either
 * source, the number of objects read is compared with the kernel's count.  Missing
 * objects are looked for in the other source, and once more there: some kernels of the
 * 5.4 to 5.6 series lost rows, and a security module may hide objects from the calls.
 *
 * Both sources give objects in the same order, the kernel's.
 */
enum source_choice {
	SOURCE_AUTO,
	SOURCE_PROC, /* only /proc/sysvipc */
	SOURCE_STAT, /* only the ctl calls */
	SOURCE_FRESH, /* the ctl calls first, with one call for each object */
};

/* What the sources of a family share while objects are selected, so that they find it
 * once.  Starts as zeros; source_shared_end() releases it. */
struct source_shared {
	void *data;
	void (*release)(void *data);
};

/* Where objects are to be read from. */
struct source_options {
	enum source_choice choice;
	const char *dir; /* a directory with saved copies of the files of
			  * /proc/sysvipc, under the same names; NULL for the system */
	bool changes; /* the objects are to be changed or removed, so a source that may
		       * lack evidence is unusable */
	bool unlinked; /* of a kind whose objects have names, those that have none any
			* more, and no others */
	void (*warn)(const char *text); /* tells what the source may lack; or NULL */
	struct source_shared *shared; /* or NULL */
};

/* An open source of the objects of a kind.  It is the first member of a family's own
 * source. */
struct source {
	const struct kind *kind;
};

/* How the objects of a kind are read; each member implements the function
 * source_NAME(). */
struct source_ops {
	struct source *(*open)(const struct kind *kind, facts_t wanted,
		const struct source_options *options, void (*problem)(const char *text),
		struct buf *cause);
	int (*next)(struct source *s, struct object *o);
	const char *(*why)(struct source *s);
	bool (*is_fresh)(const struct source *s);
	size_t (*problems)(const struct source *s);
	void (*close)(struct source *s);
	const char *(*last_problem)(struct source *s); /* needed for FIND_BY_READING */
	bool has_copies; /* it can read saved copies */
	bool is_place; /* It is part of the environment: that it cannot be opened is no
			* failure of objects. */

	/* Finds one object without reading all.  Returns 1, 0 if there is none, -1 with
	 * the cause, FIND_BY_READING, or SOURCE_UNUSABLE with the cause.  Of a kind whose
	 * objects have names, sets the label of the object to that of the reference. */
	int (*find)(const struct ref *ref, const struct source_options *options,
		struct object *o, struct buf *cause);
};

/* Only reading all objects of the kind can tell. */
enum {
	FIND_BY_READING = -2,
	SOURCE_UNUSABLE = -3, /* the source cannot be opened */
};

/*
 * Starts reading the objects of a kind.  The wanted facts decide from which source.
 * problem(), which may be NULL, is called with the text of a message for each defect of a
 * single row.  Returns NULL if the kind cannot be read at all, with the reason in *cause,
 * which the caller owns (buf_free()).
 */
struct source *source_open(const struct kind *kind, facts_t wanted,
	const struct source_options *options, void (*problem)(const char *text),
	struct buf *cause);

/* Reads the next object.  Returns 1, 0 at the end, or -1 if reading failed and the
 * remaining objects are lost; problem() has been told the reason. */
int source_next(struct source *s, struct object *o);

/* The reason for facts that are in no saved copy. */
#define SOURCE_COPY_LACKS "the saved copy does not have it"

/* Why a wanted fact is not known, as the text of a message; valid until the source is
 * closed. */
const char *source_why(struct source *s);

/* Whether the last object was read by a call of its own, and is therefore current. */
bool source_is_fresh(const struct source *s);

/* The number of rows that were malformed or missing. */
size_t source_problems(const struct source *s);

void source_close(struct source *s);

void source_shared_end(struct source_shared *shared);

/*
 * Reads one object from the fastest source of its kind that is permitted, or from the
 * files that the options name; options may be NULL.  Returns 1, 0 if there is none, or -1
 * with the cause; -1 also if the object may be in a part that could not be read; or
 * SOURCE_UNUSABLE with the cause, which names no object.  Facts
 * that only /proc/sysvipc has are left out unless the object was read there.
 */
int source_find(const struct ref *ref, const struct source_options *options,
	struct object *o, struct buf *cause);

/* A reference to find among many. */
struct lookup {
	const struct ref *ref;
	int found; /* as source_find() returns */
	char *cause; /* if found is -1 or SOURCE_UNUSABLE; owned by the caller */
};

/*
 * The same for many references; several may name one object.  No object is read twice
 * from the same file.  Calls found() for each that was found, in any order.
 */
void source_find_each(struct lookup *list, size_t count,
	const struct source_options *options,
	void (*found)(void *data, const struct lookup *l, const struct object *o),
	void *data);

/* The result of reading an object again. */
enum reread {
	REREAD_SAME,
	REREAD_GONE,
	REREAD_ANOTHER, /* another object has its id */
	REREAD_UNREADABLE, /* with the cause */
};

/*
 * Reads an object again from the system, by its reference.  If there is an object now,
 * stores it in *now, which has the label of o.  If it cannot be read, appends the reason
 * to cause, which may be NULL.
 */
enum reread source_reread(const struct object *o, struct object *now, struct buf *cause);

#endif
