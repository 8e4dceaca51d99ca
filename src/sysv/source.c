/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/source.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "lib/xalloc.h"
#include "sysv/source-proc.h"
#include "sysv/source-stat.h"

enum reader {
	NONE,
	PROC,
	STAT,
};

/* The readers to try in this order while objects are missing. */
static const enum reader proc_first[] = { PROC, PROC, STAT, NONE };
static const enum reader proc_only[] = { PROC, NONE };
static const enum reader stat_first[] = { STAT, PROC, PROC, NONE };
static const enum reader stat_only[] = { STAT, NONE };

enum {
	PROBLEMS_SAID = 10, /* a file of another format may have millions of bad rows */
	SEEN_BITS = 24, /* Enough for the index in every id, also with ipcmni_extend:
			 * objects that exist at the same time have different indexes. */
};

struct sysv_source {
	struct source base;
	const struct sysv *sysv;
	char *path; /* of the file, which is a saved copy if is_copy */
	bool is_copy;
	facts_t wanted_facts;
	bool is_fresh_wanted; /* each object is to be read by a call, even a slow one */
	time_t time; /* of the copy, or the time when reading began */
	void (*problem)(const char *text);
	size_t problems;
	struct buf last_problem;
	const enum reader *plan; /* the current reader and those after it */
	struct proc_reader *proc;
	struct stat_walk walk;
	unsigned long used; /* the kernel's last count of objects */
	bool uncounted; /* the kernel did not count them, so missing objects cannot be
			 * noticed */
	unsigned long rows; /* objects from the current reader */
	unsigned long given; /* objects from all readers */
	bool is_steady; /* all counts were the same: no process creates or removes
			 * objects */
	unsigned long wanted; /* objects expected from the current reader */
	bool again; /* not the first reader: skip the objects already returned */
	uint8_t *seen; /* a bit for each index of an object returned */
	size_t seen_size; /* in bytes */
	struct buf why; /* why a fact or an object could not be read */
};

static struct sysv_source *
source_of(const struct source *base)
{
	return (struct sysv_source *)base;
}

/* Whether another problem is still to be reported. */
static bool
is_worth_saying(const struct sysv_source *s)
{
	return s->problem != NULL && s->problems <= PROBLEMS_SAID;
}

static void
report(struct sysv_source *s, const char *text)
{
	bool say = is_worth_saying(s);

	s->problems++;
	if (text != NULL) {
		s->last_problem.len = 0;
		buf_str(&s->last_problem, text);
	}
	if (!say)
		return;
	s->problem(s->problems <= PROBLEMS_SAID ? text : "more of the same is not shown");
}

/*
 * The number of objects that existed both before and after the current reader.  0 if the
 * kernel does not count them, so that none is missing.  Counting makes the kernel walk
 * over all segments, so the first reader starts without it: objects created while it ran
 * may then seem to be missing, and the next reader returns them.
 */
static unsigned long
expected(struct sysv_source *s)
{
	unsigned long before = s->used;

	s->uncounted = s->sysv->count(&s->used) < 0;
	if (s->uncounted)
		s->used = 0;
	/* After one different count, an equal count may be of other objects. */
	s->is_steady &= before == ULONG_MAX || s->used == before;
	return s->used < before ? s->used : before;
}

/* Whether no object is missing, without counting: all indexes up to the highest were
 * read.  False if there are no objects, or if some indexes are free; then counting
 * decides. */
static bool
is_complete(const struct sysv_source *s)
{
	int last = s->rows == 0 ? -1 : s->sysv->max_index();

	return s->is_copy || (last >= 0 && s->rows > (unsigned long)last);
}

/* Appends to the reasons why something could not be read. */
static void
add_why(struct sysv_source *s, const char *why)
{
	/* A reader may be tried twice. */
	if (strstr(buf_text(&s->why), why) == NULL)
		buf_printf(&s->why, "%s%s", s->why.len != 0 ? "; " : "", why);
}

/* Opens the file; on failure appends the reason. */
static void
open_proc(struct sysv_source *s, int *error)
{
	struct buf cause = { 0 };

	s->proc = proc_open(s->sysv, s->path, &cause, error);
	if (s->proc == NULL)
		add_why(s, buf_text(&cause));
	buf_free(&cause);
}

/* Starts the next reader of the plan.  0, or -1 with the errno and s->why. */
static int
start(struct sysv_source *s, int *error)
{
	char *why;

	s->rows = 0;
	if (*s->plan == PROC) {
		if (s->proc == NULL)
			open_proc(s, error);
		if (s->proc != NULL && s->is_copy)
			s->time = proc_time(s->proc);
		return s->proc == NULL ? -1 : 0;
	}
	if (stat_start(&s->walk, s->sysv) == 0) {
		s->walk.is_tried = s->is_fresh_wanted;
		s->walk.is_patient = s->again;
		return 0;
	}
	*error = errno;
	why = xasprintf("%sctl: %s", s->sysv->kind.name, strerror(*error));
	add_why(s, why);
	free(why);
	return -1;
}

static void
stop(struct sysv_source *s)
{
	if (s->proc != NULL)
		proc_close(s->proc);
	s->proc = NULL;
}

/* Chooses the plan for the wanted facts: the calls, which cost less, unless the file has
 * a fact that they lack.  If the plan starts with /proc, the file is open. */
static const enum reader *
choose_plan(struct sysv_source *s, facts_t wanted, enum source_choice choice, int *error)
{
	facts_t calls_lack = wanted & ~FACTS_DERIVED & ~s->sysv->stat_facts;

	if (s->is_copy)
		return proc_only;
	if (choice == SOURCE_PROC || choice == SOURCE_STAT)
		return choice == SOURCE_PROC ? proc_only : stat_only;
	if (choice == SOURCE_FRESH || calls_lack == 0)
		return stat_first;
	open_proc(s, error);
	if (s->proc != NULL && (calls_lack & proc_facts(s->proc)) != 0)
		return proc_first;
	stop(s);
	return stat_first;
}

static void
source_stop(struct source *base)
{
	struct sysv_source *s = source_of(base);

	stop(s);
	buf_free(&s->why);
	buf_free(&s->last_problem);
	free(s->seen);
	free(s->path);
	free(s);
}

static struct source *
source_start(const struct kind *kind, facts_t wanted,
	const struct source_options *options, void (*problem)(const char *text),
	struct buf *cause)
{
	struct sysv_source *s = xcalloc(1, sizeof *s);
	int proc_error = ENOENT;
	int stat_error = 0;

	s->sysv = sysv_of(kind);
	s->problem = problem;
	s->used = ULONG_MAX;
	s->is_steady = true;
	s->time = time(NULL);
	s->is_copy = options->dir != NULL;
	s->wanted_facts = wanted;
	s->is_fresh_wanted = options->choice == SOURCE_FRESH;
	s->path = s->is_copy ? xasprintf("%s/%s", options->dir, kind->name)
			     : xstrdup(s->sysv->proc_path);
	s->plan = choose_plan(s, wanted, options->choice, &proc_error);
	for (; *s->plan != NONE; s->plan++)
		if (start(s, *s->plan == PROC ? &proc_error : &stat_error) == 0)
			return &s->base;
	if (s->is_copy)
		buf_str(cause, buf_text(&s->why));
	else if (stat_error == ENOSYS && proc_error == ENOENT)
		buf_printf(cause, "this kernel has no %s", kind->title);
	else
		buf_printf(
			cause, "cannot read the %s: %s", kind->title, buf_text(&s->why));
	source_stop(&s->base);
	return NULL;
}

/* Reads a row of /proc/sysvipc as proc_next() does, and removes facts that cannot be
 * true. */
static int
read_row(struct sysv_source *s, struct object *o)
{
	int rc = proc_next(s->proc, o);
	const char *why = NULL;

	if (rc == 1 && s->sysv->drop_untrue != NULL)
		why = s->sysv->drop_untrue(o);
	if (why != NULL)
		add_why(s, why);
	return rc;
}

/* Continues a walk that costs too much in the file, if there is one and it has what is
 * wanted. */
static bool
use_file_instead(struct sysv_source *s)
{
	int error;

	if (s->plan[1] != PROC)
		return false;
	open_proc(s, &error);
	if (s->proc == NULL)
		return false;
	if (s->wanted_facts & s->sysv->stat_facts & ~proc_facts(s->proc)) {
		stop(s);
		return false;
	}
	s->plan = proc_first;
	s->rows = 0;
	s->again = true;
	return true;
}

/* Reads a row by the calls.  Returns 1, 0 at the end, or -1 if the file serves from now
 * on. */
static int
call_one(struct sysv_source *s, struct object *o)
{
	int rc = stat_next(&s->walk, o);

	if (rc >= 0 || use_file_instead(s))
		return rc;
	s->walk.is_patient = true;
	return stat_next(&s->walk, o);
}

/* Reads a row from the current reader.  Returns 1, 0 at its end, -1 if it failed. */
static int
read_one(struct sysv_source *s, struct object *o)
{
	int rc;

	if (*s->plan == STAT && (rc = call_one(s, o)) >= 0)
		return rc;
	while ((rc = read_row(s, o)) < 0) {
		if (rc == -2)
			add_why(s, proc_problem(s->proc));
		if (!s->again)
			report(s,
				s->problems <= PROBLEMS_SAID ? proc_problem(s->proc)
							     : NULL);
		if (rc == -2)
			return -1;
	}
	return rc;
}

static void
grow_seen(struct sysv_source *s, size_t wanted)
{
	size_t size = s->seen_size == 0 ? 512 : s->seen_size;

	while (size < wanted)
		size *= 2;
	s->seen = xreallocarray(s->seen, size, 1);
	memset(s->seen + s->seen_size, 0, size - s->seen_size);
	s->seen_size = size;
}

/* Whether this object was already returned; notes that it is returned now. */
static bool
seen(struct sysv_source *s, const struct object *o)
{
	size_t at = o->fact[FACT_ID] & ((1 << SEEN_BITS) - 1);
	uint8_t bit = 1 << (at % 8);
	bool before;

	if (at / 8 >= s->seen_size)
		grow_seen(s, at / 8 + 1);
	before = s->seen[at / 8] & bit;
	s->seen[at / 8] |= bit;
	return before;
}

/* Whether an object is to be passed over, because another reader has returned it. */
static bool
is_repeated(struct sysv_source *s, const struct object *o)
{
	/* Without a further reader nothing is read twice. */
	if (!s->again && s->plan[1] == NONE)
		return false;
	return seen(s, o) && s->again;
}

/* Notes that the calls failed for some of the missing objects. */
static void
note_denied(struct sysv_source *s, unsigned long missing)
{
	/* A filter of system calls also denies unused indexes. */
	unsigned long n = s->walk.denied < missing ? s->walk.denied : missing;
	char *why;

	if (n == 0)
		return;
	if (!s->uncounted && (s->walk.error == EACCES || s->walk.error == EPERM))
		why = xasprintf("%sctl: %lu object%s denied to it", s->sysv->kind.name, n,
			n == 1 ? " is" : "s are");
	else
		why = xasprintf("%sctl: %s", s->sysv->kind.name, strerror(s->walk.error));
	add_why(s, why);
	free(why);
}

/* Continues with the next reader of the plan if the last one returned too few objects. */
static bool
next_reader(struct sysv_source *s, bool failed)
{
	int error;

	stop(s);
	s->wanted = is_complete(s) ? 0 : expected(s);
	/* Without a count, each index that a call failed for may be an object. */
	if (*s->plan == STAT && s->uncounted)
		s->wanted = s->rows + s->walk.denied;
	if (*s->plan == STAT && s->rows < s->wanted)
		note_denied(s, s->wanted - s->rows);
	if (!failed && s->rows >= s->wanted)
		return false;
	while (*++s->plan != NONE)
		if (start(s, &error) == 0)
			return s->again = true;
	return false;
}

static void
report_missing(struct sysv_source *s, unsigned long n)
{
	const char *why = s->why.len != 0
		? buf_text(&s->why)
		: "the kernel counts them, but does not show them";
	char *text = s->uncounted
		? xasprintf("%s: objects may be missing, and the kernel does not count "
			    "them: %s",
			  s->sysv->kind.name, why)
		: xasprintf("%s: %lu object%s could not be read: %s", s->sysv->kind.name,
			  n, n == 1 ? "" : "s", why);

	report(s, text);
	free(text);
}

static int
next_object(struct source *base, struct object *o)
{
	struct sysv_source *s = source_of(base);

	while (*s->plan != NONE) {
		int rc = read_one(s, o);

		if (rc == 1) {
			s->rows++;
			if (is_repeated(s, o))
				continue;
			o->read = s->time;
			s->given++;
			return 1;
		}
		if (next_reader(s, rc < 0))
			continue;
		if (s->is_steady && s->given < s->wanted)
			report_missing(s, s->wanted - s->given);
		else if (rc < 0 && s->problems == 0)
			report(s, buf_text(&s->why));
		return rc;
	}
	return 0;
}

static bool
is_fresh(const struct source *base)
{
	return *source_of(base)->plan == STAT;
}

static size_t
count_problems(const struct source *base)
{
	return source_of(base)->problems;
}

static const char *
why_unread(struct source *base)
{
	struct sysv_source *s = source_of(base);

	if (s->why.len != 0)
		return buf_text(&s->why);
	if (s->is_copy)
		return SOURCE_COPY_LACKS;
	return *s->plan == STAT ? "only /proc/sysvipc has it"
				: "/proc/sysvipc does not have it";
}

static const char *
last_problem(struct source *base)
{
	return buf_text(&source_of(base)->last_problem);
}

const struct source_ops sysv_source_ops = {
	.open = source_start,
	.next = next_object,
	.why = why_unread,
	.is_fresh = is_fresh,
	.problems = count_problems,
	.close = source_stop,
	.last_problem = last_problem,
	.find = sysv_find,
	.has_copies = true,
};
