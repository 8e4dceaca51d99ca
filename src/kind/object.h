/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KIND_OBJECT_H
#define KIND_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct context;
struct ipcns;
struct kind;
struct label;
struct semaphore;
struct use;

/*
 * What the kernel tells about an object, under the kernel's names (svipc(7), proc(5)).
 * Times are seconds since the epoch, or 0 if the event never happened.  Sizes are bytes;
 * the size of a queue is the number of bytes in it.
 */
enum fact {
	FACT_ID,
	FACT_KEY, /* unsigned, although /proc/sysvipc prints it signed */
	FACT_MODE, /* with the kind's own flags above 0777 */
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
	/* Of objects that are files, stat(2) and statx(2): */
	FACT_NAME, /* the member "label" below; 0 if its path does not lead to the
		    * file */
	FACT_DEVICE,
	FACT_INODE,
	FACT_NLINK,
	FACT_ALLOC, /* allocated bytes, in memory and swap */
	FACT_BTIME,
	FACT_MTIME,
	FACT_ACL, /* whether it has an access control list beside its mode */
	FACT_VALUE, /* of a semaphore that is a file */
	FACT_NWAIT, /* how many processes wait for it, at most */
	/* Of POSIX message queues, mq_getattr(3) and mq_overview(7): */
	FACT_MAXMSG, /* the most messages that it may hold */
	FACT_MSGSIZE, /* the most bytes of a message */
	FACT_NOTIFY, /* an enum notify */
	FACT_SIGNO, /* the signal of the notification, or 0 */
	FACT_NOTIFY_PID, /* the process that is notified, or 0 */
	FACT_CHARGE, /* the bytes that count against RLIMIT_MSGQUEUE */
	/* The kernel does not store these in the object; see derive.h. */
	FACT_SEMAPHORES, /* the member of struct object below */
	FACT_STALE, /* an enum stale */
	FACT_CAUSE, /* an enum cause */
	FACT_REASON, /* the member of struct object below */
	FACT_USES, /* the member of struct object below */
	FACT_USER, /* the pid that "command" names, 0 if there is none */
	FACT_WAITED, /* whether a process is known to wait for it */
	FACT_PAGESIZE, /* of the mappings of an attached segment, 0 if it is unattached */
	FACT_TOUCHED, /* whether one of the pids of struct derive is related to it */
	FACT_USED, /* an enum used */
	FACT_USERS, /* the number of processes that use it */
	FACT_COUNT,
};

/* How a process is notified of the first message in an empty queue, mq_notify(3). */
enum notify {
	NOTIFY_NONE,
	NOTIFY_SIGNAL,
	NOTIFY_THREAD,
};

/* A set of facts. */
typedef uint64_t facts_t;

/* The set of one fact; FACT_SET takes its short name. */
#define FACT_BIT(fact) (UINT64_C(1) << (fact))
#define FACT(name) FACT_BIT(FACT_##name)
#define FACTS_DERIVED \
	(FACT(SEMAPHORES) | FACT(STALE) | FACT(CAUSE) | FACT(REASON) | FACT(USES) | \
		FACT(USER) | FACT(WAITED) | FACT(PAGESIZE) | FACT(TOUCHED) | \
		FACT(USED) | FACT(USERS))
#define FACTS_TIMES \
	(FACT(CTIME) | FACT(ATIME) | FACT(DTIME) | FACT(OTIME) | FACT(STIME) | \
		FACT(RTIME) | FACT(MTIME))

/* The facts of which each kind has one, that is its object_number(). */
#define FACTS_NUMBER (FACT(ID) | FACT(INODE))

/* One object in its state when it was read. */
struct object {
	const struct kind *kind;
	facts_t have; /* the facts that are known; the other facts of the kind could
		       * not be read */
	facts_t unknown; /* those of "have" that cannot be determined */
	time_t read; /* the time of reading, from which ages count */
	uint64_t fact[FACT_COUNT];
	const struct semaphore *semaphores; /* FACT_NSEMS elements; not owned */
	const struct use *uses; /* by living processes, sorted by pid; not owned */
	size_t uses_count;
	const char *verdict; /* on staleness: "no: " and the reason; not owned */
	const char *reason; /* the end of the verdict */
	const struct context *context; /* of the scan of processes, or NULL; not owned */
	const struct ipcns *ns; /* its IPC namespace, if references name it; else NULL;
				 * valid until the end of the run */
	const struct label *label; /* its name, if objects of its kind have names
				    * (label.h); not owned: valid until its source reads
				    * the next object or, if source_find() found it, as
				    * long as the reference */
};

/* A pid that the kernel stores in an object, and when it stored it. */
struct recorded {
	enum fact pid;
	facts_t times; /* the latest of these */
	const char *what; /* what the process did, in one or two words */
};

/* All recorded pids. */
extern const struct recorded recorded[];
extern const size_t recorded_count;

/* The latest of those times that are known. */
time_t object_latest(const struct object *o, facts_t times);

/* Whether all these facts are known. */
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

/* The latest known time of the object. */
time_t object_active(const struct object *o);

/* What tells an object from the others of its kind: its id, or the inode of a file.  Two
 * names of a file are two objects with the same number. */
uint64_t object_number(const struct object *o);

enum { USE_SIZE = 48 }; /* bytes of the text of a use, with its NUL */

/* Writes the use of an object, as "4 messages".  Returns false if it is unknown, or if
 * its kind has no words for it. */
bool object_put_use(const struct object *o, char text[USE_SIZE]);

/* What tells an object from all others. */
struct identity {
	const struct kind *kind;
	uint64_t number;
	const struct label *label; /* not owned, or NULL */
};

struct identity object_identity(const struct object *o);

/* Order objects by kind, number and name, as for qsort(3). */
int identity_compare(const struct identity *a, const struct identity *b);
int object_compare(const struct object *a, const struct object *b);

#endif
