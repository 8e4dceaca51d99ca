/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_SCAN_H
#define PROCESS_SCAN_H

#include <sys/types.h>

#include "kind/kind.h"
#include "process/context.h"

/*
 * One scan of all processes: which processes there are, under which ids they run, which
 * are attached to segments, and which wait on semaphores and queues.  Ids of objects are
 * only valid in our IPC namespace, so only its processes count.
 */
struct scan;

/* What to examine; each flag costs reading files of every process. */
enum {
	SCAN_MAPS = 1, /* attachments: /proc/PID/maps */
	SCAN_WAITERS = 2, /* /proc/PID/task/TID/syscall, which needs permission to
			   * trace */
	SCAN_USERS = 4, /* /proc/PID/status */
	SCAN_FILES = 8, /* open and mapped files: /proc/PID/fd and maps, and the waiting
			 * threads of those that have mapped one, of the processes of all
			 * IPC namespaces */
	SCAN_EVERYONE = 16, /* /proc/PID/status of these, too */
};

/* How a process uses an object. */
enum use_what {
	USE_ATTACHED, /* detail: the address */
	USE_ATTACHED_RO,
	USE_RECEIVES, /* waits to receive; detail: the requested type */
	USE_RECEIVES_EXCEPT, /* the same for any type except detail */
	USE_RECEIVES_ANY, /* the same for an unknown type */
	USE_SENDS, /* waits to send */
	USE_WAITS, /* waits on a semaphore; detail: its number */
	USE_WAITS_ANY, /* the same for an unknown semaphore */
	USE_OPEN_R, /* has the file open for reading, writing or both */
	USE_OPEN_W,
	USE_OPEN_RW,
	USE_MAPPED_R, /* has the file mapped */
	USE_MAPPED_RW,
	USE_WAITS_IN, /* waits on a semaphore or lock in the mapped file */
};

struct use {
	const struct kind *kind; /* NULL for a file */
	dev_t device; /* of the file */
	uint64_t id; /* the object_number() */
	pid_t pid;
	enum use_what what;
	int64_t detail; /* of the first use */
	unsigned count; /* number of equal uses */
	uint64_t page_size; /* of an attachment: the size of its pages in bytes */
};

/* A process that the scan found. */
struct scan_proc {
	pid_t pid, parent, session;
	uint64_t start; /* in ticks since boot */
	uint64_t inode; /* of its directory; it differs for another process with the
			 * same pid */
	size_t first_id; /* index of its first uid among the ids of the scan; its gids
			  * follow the uids */
	unsigned uids, gids; /* numbers of different ids */
	unsigned threads;
	bool is_here; /* one of its threads is, or may be, in our IPC namespace */
	bool is_zombie;
	bool is_kernel;
	bool may_be_ipctool; /* it has our own name */
	bool is_gone; /* it ended during the scan */
	bool is_hidden; /* it could not be examined */
	int closed; /* the errno why its files could not be examined, or 0 */
	bool is_untraced; /* it uses a file, and whether it waits is unknown */
	bool is_denied; /* examining whether it waits was denied (EACCES, EPERM) */
	bool may_wait; /* it waits on an unknown queue */
	int error; /* another errno of that examination, or 0 */
};

/* Creates a scan, which reads nothing until the first question.  c must stay valid.  The
 * caller owns the scan. */
struct scan *scan_new(const struct context *c, unsigned what);
void scan_free(struct scan *s);

/* Adds a device whose files SCAN_FILES finds; before the first question. */
void scan_add_device(struct scan *s, dev_t device);

/* Whether the scan finds the uses of a file: not if its device could not be added. */
bool scan_searches(const struct scan *s, const struct object *o);

/* Whether the scan has run, and when it started, in nanoseconds of CLOCK_MONOTONIC. */
bool scan_is_done(const struct scan *s);
uint64_t scan_began(const struct scan *s);

/* The uses of an object, sorted by process; the scan owns them.  Uses by processes that
 * could not be examined are missing: see scan_hidden(). */
const struct use *scan_uses(struct scan *s, const struct object *o, size_t *count);

/* The processes that were found, sorted by pid; the scan owns them. */
const struct scan_proc *scan_procs(struct scan *s, size_t *count);

/* The process with this pid, or NULL. */
const struct scan_proc *scan_find(struct scan *s, pid_t pid);

/* Whether a process is ipctool itself or one of its ancestors. */
bool scan_is_ancestor(struct scan *s, const struct scan_proc *p);

/* Whether any thread of a process runs under a uid, or has a gid. */
bool scan_runs_under(struct scan *s, const struct scan_proc *p, uid_t uid);
bool scan_has_group(struct scan *s, const struct scan_proc *p, gid_t gid);

/* All uids that a process or one of its threads runs under, or all its gids. */
const uint32_t *scan_ids(
	struct scan *s, const struct scan_proc *p, bool groups, unsigned *count);

/* Whether any thread of a process runs under a uid other than root's. */
bool scan_is_ordinary(struct scan *s, const struct scan_proc *p);

/* The number of processes that the scan could not examine; each may use any object.  At
 * least 1 if the scan is incomplete, 0 if it has not run. */
size_t scan_hidden(const struct scan *s);

/* The number of processes whose files the scan could not examine, and the errno of one of
 * them that is no lack of permission (EACCES, EPERM), or 0. */
size_t scan_closed(struct scan *s);
int scan_closed_error(struct scan *s);

/* The number of processes that use an object, and may wait on it: that could not be
 * examined. */
size_t scan_untraced(struct scan *s, const struct object *o);

/* What the scan lacks, apart from single processes. */
enum scan_gap {
	SCAN_WHOLE,
	SCAN_GAP_HIDDEN, /* /proc hides processes of other users */
	SCAN_GAP_FOREIGN, /* /proc shows another PID namespace */
	SCAN_GAP_FAST, /* processes start and end too fast */
	SCAN_GAP_OTHER, /* scan_incomplete() tells */
};
enum scan_gap scan_gap(const struct scan *s);

/* Why the scan may have missed processes or their ids, as the text of a message; NULL if
 * it is complete. */
const char *scan_incomplete(const struct scan *s);

/* Why attachments may be missing although the maps were read, or NULL. */
const char *scan_maps_unknown(const struct scan *s);

/* Facts about the processes that may wait on queues. */
struct scan_waiting {
	size_t denied; /* processes that we may not examine (EACCES, EPERM) */
	size_t failed; /* processes that could not be examined for another reason */
	int error; /* the errno of one of these */
	pid_t may_wait; /* one of our own processes that waits on an unknown queue, or
			 * 0 */
};
struct scan_waiting scan_waiting(struct scan *s);

#endif
