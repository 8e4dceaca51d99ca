/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WAITS_WORLD_H
#define WAITS_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "process/call.h"

/*
 * The processes of the machine, what each of their threads waits for, and which processes
 * could release it, as they were read.  Threads refer to what they wait for, and that
 * refers to its releasers, so that many threads that wait for the same cost no more than
 * one.
 */

/* What a thread needs to go on. */
enum need {
	NEED_EVENT, /* something outside: network, terminal, timer, signal */
	NEED_LOCK, /* a process holds it */
	NEED_SPACE, /* the object is full */
	NEED_DATA, /* the object is empty */
	NEED_EXIT, /* the end of a child */
	NEED_PARTNER, /* the other side of open(2) of a FIFO */
};

/* How well it is known that a process could release a thread, the best last. */
enum grade {
	GRADE_OPEN, /* it has the object open */
	GRADE_EVIDENCE, /* it used the object last */
	GRADE_EXACT, /* the kernel names it */
};

/* No process, thread or resource. */
#define NONE SIZE_MAX

/* A process that could release a thread. */
struct releaser {
	size_t process; /* index */
	enum grade grade;
	const char *how; /* "took it last" */
	long at; /* the semaphore that follows, "was last at [1]", or -1 */
};

/* What threads wait for: an end of a pipe, a lock, a semaphore, a child. */
struct resource {
	struct releaser *list;
	size_t count;
};

enum halt {
	HALT_NONE,
	HALT_SIGNAL,
	HALT_TRACER,
	HALT_FROZEN,
};

/* A thread, and what it waits for. */
struct thread {
	pid_t tid;
	size_t process; /* index */
	char state; /* as in proc_pid_stat(5) */
	enum halt halt;
	struct call call; /* form is NULL if it runs, or is in no call that is known */
	const char *name; /* of the call, or NULL */
	uint64_t line; /* the hash of its line of proc_pid_syscall(5) */
	uint64_t turns; /* how often it was put on a CPU, from schedstat */
	int cpu; /* that it ran on last */
	bool has_moved; /* it ran between the two looks */
	bool is_elsewhere; /* its object is in another IPC namespace */
	bool is_mutual; /* it waits to hear from another that waits to hear from it */

	/* What it waits for: */
	bool is_resolved; /* the members below are known */
	enum need need;
	bool closed; /* only the releasers can end it */
	bool orphaned; /* the one process that could release it has ended */
	bool by_descriptor; /* the releasers are those who have a descriptor */
	bool by_pipe; /* the releasers are those who have the other end of a pipe */
	bool is_limited; /* the call has a time limit */
	int64_t timeout; /* that in seconds, rounded up; -1 if it is unknown */
	size_t resource; /* index, or NONE if no releaser is known */
	char *ref; /* the reference of the object, or NULL */
	uint64_t device, inode; /* of a file: a FIFO or what a lock is on; else 0 */
	long semaphore; /* its number, or -1 */
	char *what; /* "value 0, needs 1", or NULL */
	char *note; /* for people, or NULL */
	int64_t waited; /* at least so many seconds, or -1 */
};

/* A process. */
struct process {
	pid_t pid, parent, group;
	uid_t uid;
	char name[16];
	bool is_kernel; /* a kernel thread */
	bool is_zombie; /* it has ended, and its parent has not waited for it yet */
	bool is_unread; /* it could not be examined */
	bool has_left; /* it ended meanwhile */
	bool handles_child; /* a handler for SIGCHLD */
	int handles; /* a signal for which it has a handler that may do anything, or 0 */
	int stop_signal; /* that stopped it, or 0 */
	pid_t tracer;
	char *frozen; /* the path of its cgroup, if that is frozen */
	char *thaw; /* the file that continues it, with the value in front */
	size_t first, count; /* its threads; none if it could not be examined */
	int64_t tasks; /* the number of its threads by its stat, also of those that have
			* ended */
	size_t parent_index; /* or NONE */
	pid_t *inner; /* its pid in each PID namespace from that of /proc on */
	pid_t *inner_group;
	unsigned depth; /* the number of elements of these */
};

/* Everything that was read. */
struct world {
	struct process *processes; /* sorted by pid */
	size_t processes_count;
	struct thread *threads; /* sorted by process */
	size_t threads_count;
	struct resource *resources;
	size_t resources_count;

	/* Doubts that concern every finding: */
	size_t unread; /* processes that could not be examined */
	bool hides; /* /proc hides processes of other users */
	bool alone; /* no process outside our PID namespace takes part */
	bool is_changing; /* processes started faster than they could be examined */
	size_t in_transit; /* a process with a descriptor in transit, or NONE */
	bool hides_transit; /* this kernel does not show descriptors in transit */
	size_t separate; /* a process with a thread that has descriptors of its own, or
			  * NONE */
	size_t registered; /* a process with files registered with io_uring, or NONE */
};

static inline struct process *
world_process_of(const struct world *w, const struct thread *t)
{
	return &w->processes[t->process];
}

/* The index of the process with this pid, or NONE. */
size_t world_find(const struct world *w, pid_t pid);

/* Adds a resource without releasers, and returns its index. */
size_t world_add_resource(struct world *w);

/* Adds a releaser, unless the last one that was added is the same process. */
void world_add_releaser(struct world *w, size_t resource, struct releaser releaser);

/* Whether a releaser is known. */
static inline bool
world_has_releaser(const struct world *w, const struct thread *t)
{
	return t->resource != NONE && w->resources[t->resource].count > 0;
}

/* Whether a process is the only releaser of a resource. */
bool world_is_only(const struct world *w, size_t resource, size_t process);

/* Whether a thread waits for something that has to come from inside: a finding may have
 * it, or a chain. */
bool thread_is_blocked(const struct thread *t);

/* Frees everything, and makes it empty. */
void world_free(struct world *w);

#endif
