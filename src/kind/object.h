/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_OBJECT_H
#define KIND_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct context;
struct kind;
struct semaphore;
struct use;

/*
 * What the kernel tells of an object, by the kernel's own names (svipc(7), proc(5)).
 * Times are seconds since the epoch and 0 when it never happened; sizes are bytes; the
 * size of a queue is the bytes in it.
 */
enum fact {
	FACT_ID,
	FACT_KEY, /* as unsigned, where /proc/sysvipc prints it signed */
	FACT_MODE, /* the mode with the kind's own flags above 0777 */
	FACT_UID,
	FACT_GID,
	FACT_CUID,
	FACT_CGID,
	FACT_CTIME,
	FACT_SIZE,
	FACT_NATTCH,
	FACT_RSS,
	FACT_SWAP,
	FACT_CPID,
	FACT_LPID,
	FACT_ATIME,
	FACT_DTIME,
	FACT_NSEMS,
	FACT_OTIME,
	FACT_QNUM,
	FACT_QBYTES,
	FACT_LSPID,
	FACT_LRPID,
	FACT_STIME,
	FACT_RTIME,
	/* The kernel does not keep these with the object; see derive.h. */
	FACT_SEMAPHORES, /* the member of struct object below */
	FACT_STALE, /* an enum stale */
	FACT_CAUSE, /* an enum cause */
	FACT_REASON, /* the member of struct object below */
	FACT_USES, /* the member of struct object below */
	FACT_USER, /* the pid that "command" names, 0 when there is none */
	FACT_WAITED, /* whether a process is known to wait on it */
	FACT_TOUCHED, /* whether one of the pids of struct derive has to do with it */
	FACT_COUNT,
};

/* A set of facts. */
typedef uint64_t facts_t;

/* The set of one fact, and of one by its short name. */
#define FACT_BIT(fact) (UINT64_C(1) << (fact))
#define FACT(name) FACT_BIT(FACT_##name)
#define FACTS_DERIVED \
	(FACT(SEMAPHORES) | FACT(STALE) | FACT(CAUSE) | FACT(REASON) | FACT(USES) | \
		FACT(USER) | FACT(WAITED) | FACT(TOUCHED))
#define FACTS_TIMES \
	(FACT(CTIME) | FACT(ATIME) | FACT(DTIME) | FACT(OTIME) | FACT(STIME) | \
		FACT(RTIME))

/* One object as it was when it was read. */
struct object {
	const struct kind *kind;
	facts_t have; /* which of the facts are known; those of the kind that are not
	               * could not be read */
	time_t read; /* when that was so: what its age counts from */
	uint64_t fact[FACT_COUNT];
	const struct semaphore *semaphores; /* as many as nsems; not owned */
	const struct use *uses; /* by living processes, ordered by pid; not owned */
	size_t uses_count;
	const char *verdict; /* on staleness, "no: " and the reason; not owned */
	const char *reason; /* the end of the verdict */
	const struct context *context; /* of the look at processes, or NULL; not owned */
};

/* A pid that the kernel keeps with an object, and when it was noted. */
struct recorded {
	enum fact pid;
	facts_t times; /* the latest of them */
	const char *what; /* the process did, in one or two words */
};

/* The recorded pids there are. */
extern const struct recorded recorded[];
extern const size_t recorded_count;

/* The latest of these times that are known. */
time_t object_latest(const struct object *o, facts_t times);

/* Whether all of these are known. */
static inline bool
object_has(const struct object *o, facts_t facts)
{
	return (o->have & facts) == facts;
}

static inline void
object_set(struct object *o, enum fact fact, uint64_t value)
{
	o->fact[fact] = value;
	o->have |= FACT_BIT(fact);
}

/* The latest of the times that are known. */
time_t object_active(const struct object *o);

#endif
