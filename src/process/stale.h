/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_STALE_H
#define PROCESS_STALE_H

#include "kind/object.h"
#include "lib/buf.h"
#include "process/mounts.h"
#include "process/recorded.h"
#include "process/scan.h"
#include "process/user-procs.h"

/*
 * The rule of staleness, ipctool-stale(7): whether an object was left behind by processes
 * that have ended.  An object is stale only if there is evidence; evidence that could not
 * be read is unknown.
 */
enum stale {
	STALE_NO,
	STALE_YES,
	STALE_UNKNOWN,
};

/* The condition that decided: the first one that does not hold, else the first that is
 * unknown. */
enum cause {
	CAUSE_NONE, /* it is stale */
	CAUSE_GRACE, /* its last use is too recent */
	CAUSE_ATTACHED,
	CAUSE_WAITING, /* a process waits on it */
	CAUSE_RECORDED, /* a recorded process lives */
	CAUSE_MAY_KNOW, /* a living process may know it */
	CAUSE_MESSAGES, /* messages wait for a reader that finds the queue by its key */
	CAUSE_NEVER_USED, /* no process is recorded */
	CAUSE_NAMESPACE, /* processes outside the PID namespace are not visible */
	CAUSE_SCAN, /* a process, or the semaphores of the set, could not be read */
	CAUSE_CLOCK, /* the start time of a process is not certain */
	CAUSE_SESSION, /* a process whose session leader has ended may know it */
	CAUSE_USED, /* a process uses it */
	CAUSE_LEASE, /* the kernel does not tell whether a process uses it */
	CAUSE_LINKS, /* it has another name, or is mounted */
	CAUSE_MODE, /* its mode lets other users open it */
	CAUSE_COUNT,
};

/* The word for a cause in the output. */
const char *cause_name(enum cause cause);

/* The evidence of one scan of the processes. */
struct evidence {
	const struct context *context;
	struct scan *scan;
	struct user_table *users;
	struct mounts *mounts;
};

struct verdict {
	enum stale stale;
	enum cause cause;
	/* Data for the reason, depending on the cause: */
	pid_t pid;
	const char *what; /* what the recorded process did */
	bool has_num; /* "num" is valid, a semaphore */
	unsigned num;
	unsigned waiters;
	size_t count; /* number of processes */
	uint64_t grace; /* seconds */
	int error;
	unsigned used; /* an enum used */
	bool is_mount; /* it is mounted under another name */
};

/* Verdicts for the conditions below. */
static inline struct verdict
stale_yes(void)
{
	return (struct verdict){ .stale = STALE_YES };
}

static inline struct verdict
stale_no(enum cause cause)
{
	return (struct verdict){ .stale = STALE_NO, .cause = cause };
}

static inline struct verdict
stale_unknown(enum cause cause)
{
	return (struct verdict){ .stale = STALE_UNKNOWN, .cause = cause };
}

/* Adds a verdict to all, which keeps the first no, else the first unknown. */
void stale_combine(struct verdict *all, const struct verdict *v);

/* A condition of staleness: yes if an object meets it, else with the cause. */
typedef struct verdict stale_condition(const struct evidence *e, const struct object *o);

/* The rule of a kind.  An object of a kind without a rule is never known to be stale. */
struct stale_ops {
	stale_condition *const *conditions; /* in the order of the rule; ends with NULL */
	stale_condition *const *by_cost; /* the same, sorted by cost: scans come last */
	unsigned needs; /* what the scan must examine: SCAN_... */
	/* Appends the reason of a verdict.  Returns false for those that kinds share.
	 * The member may be NULL. */
	bool (*put_reason)(const struct evidence *e, const struct object *o,
		const struct verdict *v, struct buf *b);

	/* The condition that no living process may know it, if the usual one does not
	 * apply; else NULL. */
	stale_condition *may_know;

	facts_t may_lack; /* Without these facts only the rule is undecided; without
			   * others nothing is found out about the object. */

	bool has_least_grace; /* only the times show that it is used, so
			       * rule_times.grace_least is the minimum grace time */
};

/*
 * Judges an object.  If whole is set, the cause is the first in the order of the rule.
 * Else the cheapest condition decides first, and there is no scan if the object itself
 * says no.
 */
void stale_judge(
	const struct evidence *e, const struct object *o, bool whole, struct verdict *v);

/*
 * The conditions that kinds share: at least one process is recorded, and all recorded
 * processes have ended; the object has been quiet for the grace time; no living process
 * may know it.
 */
stale_condition stale_recorded, stale_quiet, stale_may_know;

/* The same for an object that has been quiet since a time, and whose grace time is that
 * of objects with a key, or of those without. */
struct verdict stale_quiet_since(
	const struct evidence *e, const struct object *o, time_t active, bool keyed);

/* No living process may know an object that user processes can find by its name:
 * user_procs_may_find(). */
struct verdict stale_may_find(
	const struct evidence *e, const struct object *o, time_t made);

/* What the scan must examine to judge objects of a kind. */
unsigned stale_needs(const struct kind *kind);

/* The facts of an object that the rule uses. */
#define STALE_FACTS \
	(FACT(ID) | FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) | FACT(CUID) | \
		FACT(CGID) | FACT(NATTCH) | FACT(NSEMS) | FACT(QNUM) | FACT(CPID) | \
		FACT(LPID) | FACT(LSPID) | FACT(LRPID) | FACT(NAME) | FACT(DEVICE) | \
		FACT(INODE) | FACT(NLINK) | FACT(ACL) | FACT(BTIME) | FACTS_TIMES)

/* Appends the reason of a verdict, with the processes that decide. */
void stale_reason(const struct evidence *e, const struct object *o,
	const struct verdict *v, struct buf *reason);

/* Appends "last used by process 129, which has ended", or nothing if no process is
 * recorded. */
void stale_last_user(const struct context *c, const struct object *o, struct buf *reason);

#endif
