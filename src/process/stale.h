/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_STALE_H
#define PROCESS_STALE_H

#include "kind/object.h"
#include "lib/buf.h"
#include "process/recorded.h"
#include "process/scan.h"
#include "process/user-procs.h"

/*
 * The rule of staleness, ipctool-stale(7): whether processes that have ended left an
 * object behind.  An object is stale only on evidence; what could not be read is unknown.
 */
enum stale {
	STALE_NO,
	STALE_YES,
	STALE_UNKNOWN,
};

/* What decided: the first of the conditions that does not hold, or else that is
 * unknown. */
enum cause {
	CAUSE_NONE, /* it is stale */
	CAUSE_GRACE, /* it was used too short a time ago */
	CAUSE_ATTACHED,
	CAUSE_WAITING, /* a process waits on it */
	CAUSE_RECORDED, /* a recorded process lives */
	CAUSE_MAY_KNOW, /* a living process may know it */
	CAUSE_MESSAGES, /* messages wait for a reader that finds them by the key */
	CAUSE_NEVER_USED, /* no process is recorded */
	CAUSE_NAMESPACE, /* processes outside the PID namespace cannot be seen */
	CAUSE_SCAN, /* a process, or the semaphores of the set, could not be read */
	CAUSE_CLOCK, /* when a process started is not known for sure */
	CAUSE_SESSION, /* a process whose session leader has ended may know it */
	CAUSE_COUNT,
};

/* The word for a cause, as the field has it. */
const char *cause_name(enum cause cause);

/* The evidence of one look at the processes. */
struct evidence {
	const struct context *context;
	struct scan *scan;
	struct user_table *users;
};

struct verdict {
	enum stale stale;
	enum cause cause;
	/* What the reason names, as far as the cause has it: */
	pid_t pid;
	const char *what; /* the recorded process did */
	bool has_num; /* it is about one semaphore: */
	unsigned num;
	unsigned waiters;
	size_t count; /* of processes */
	uint64_t grace; /* seconds */
	int error;
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

/* Takes the first no into all, or else the first unknown. */
void stale_combine(struct verdict *all, const struct verdict *v);

/* One condition of staleness: yes if it holds for an object, with the cause if not. */
typedef struct verdict stale_condition(const struct evidence *e, const struct object *o);

/* How a kind judges its objects.  An object of a kind that has no such rule is never
 * known to be stale. */
struct stale_ops {
	stale_condition *const *conditions; /* in the order of the rule; ends with NULL */
	stale_condition *const *by_cost; /* the same, the cheapest first, a scan last */
	unsigned needs; /* what the scan must look at: SCAN_... */
	bool has_least_grace; /* only the times tell that it is used, so that the grace
			       * time cannot be shorter than rule_times.grace_least */
};

/*
 * Judges an object.  With whole the cause is the first in the order of the rule; without,
 * what costs least decides first, and there is no scan if the object itself says no.
 */
void stale_judge(
	const struct evidence *e, const struct object *o, bool whole, struct verdict *v);

/*
 * The conditions that kinds share: that at least one process is recorded, and every
 * recorded one has ended; that the object has been quiet for the grace time; that no
 * living process may know it.
 */
stale_condition stale_recorded, stale_quiet, stale_may_know;

/* What the scan must look at to judge objects of a kind. */
unsigned stale_needs(const struct kind *kind);

/* The facts of an object that the rule takes. */
#define STALE_FACTS \
	(FACT(ID) | FACT(KEY) | FACT(MODE) | FACT(UID) | FACT(GID) | FACT(CUID) | \
		FACT(CGID) | FACT(NATTCH) | FACT(NSEMS) | FACT(QNUM) | FACT(CPID) | \
		FACT(LPID) | FACT(LSPID) | FACT(LRPID) | FACTS_TIMES)

/* Appends the reason of a verdict in words, with the processes that decide. */
void stale_reason(const struct evidence *e, const struct object *o,
	const struct verdict *v, struct buf *reason);

/* Appends "last used by process 129, which has ended", or nothing where no process is
 * recorded. */
void stale_last_user(const struct context *c, const struct object *o, struct buf *reason);

#endif
