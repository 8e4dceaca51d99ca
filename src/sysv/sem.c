/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/sem.h>

#include "kind/limit.h"
#include "kind/set.h"
#include "lib/wait.h"
#include "lib/xalloc.h"
#include "process/in-use.h"
#include "sysv/sysv.h"

#ifndef SEM_STAT_ANY
#define SEM_STAT_ANY 20
#endif

/* semctl(2) requires the program to define the union. */
union semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
	struct seminfo *info;
};

static const struct sysv_column columns[] = {
	{ "semid", FACT_ID, 10, 31 },
	{ "nsems", FACT_NSEMS, 10, 64 },
	{ "otime", FACT_OTIME, 10, 63 },
	{ 0 },
};

static const struct kind_state states[] = {
	{ 0 },
};

/* What both calls fill starts as zeros, because static analysis does not follow a pointer
 * into the union. */
static int
read_info(int command, struct seminfo *info)
{
	*info = (struct seminfo){ 0 };
	return semctl(0, 0, command, (union semun){ .info = info });
}

static int
max_index(void)
{
	struct seminfo most;

	return read_info(IPC_INFO, &most);
}

static int
count(unsigned long *count)
{
	struct seminfo now;

	if (read_info(SEM_INFO, &now) < 0)
		return -1;
	*count = now.semusz;
	return 0;
}

static int
read_ds(int id, int command, struct object *o)
{
	struct semid_ds ds = { 0 };
	int rc = semctl(id, 0, command, (union semun){ .buf = &ds });

	if (rc < 0)
		return -1;
	sysv_from_perm(o, &ds.sem_perm);
	object_set(o, FACT_CTIME, ds.sem_ctime);
	object_set(o, FACT_NSEMS, ds.sem_nsems);
	object_set(o, FACT_OTIME, ds.sem_otime);
	return rc;
}

static int
set_id(int id, const struct object *o)
{
	struct semid_ds ds = { 0 };

	sysv_to_perm(o, &ds.sem_perm);
	return semctl(id, 0, IPC_SET, (union semun){ .buf = &ds });
}

static int
remove_id(int id)
{
	return semctl(id, 0, IPC_RMID);
}

static int
get(const struct creation *what, int flags)
{
	return semget((key_t)what->key, what->nsems, flags);
}

static int
set_value(const struct object *o, unsigned num, unsigned value)
{
	return semctl(o->fact[FACT_ID], num, SETVAL, (union semun){ .val = value });
}

static int
set_values(const struct object *o, const uint16_t *values)
{
	return semctl(o->fact[FACT_ID], 0, SETALL,
		(union semun){ .array = (unsigned short *)values });
}

static int
get_pid(const struct object *o, unsigned num, pid_t *pid)
{
	*pid = semctl(o->fact[FACT_ID], num, GETPID);
	return *pid < 0 ? -1 : 0;
}

/* The values are one snapshot by GETALL; the rest is read for one semaphore at a time. */
static int
get_semaphores(const struct object *o, struct semaphore *semaphores)
{
	size_t count = o->fact[FACT_NSEMS];
	int id = o->fact[FACT_ID];
	struct seminfo most;
	unsigned short *values;
	int rc;

	/* If another set has got the id, GETALL stores the values of that set.  So the
	 * array must have room for the largest set. */
	if (read_info(IPC_INFO, &most) < 0)
		return -1;
	values = xcalloc(count < (size_t)most.semmsl ? (size_t)most.semmsl : count,
		sizeof *values);
	rc = semctl(id, 0, GETALL, (union semun){ .array = values });
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		int pid = semctl(id, i, GETPID);
		int ncnt = semctl(id, i, GETNCNT);
		int zcnt = semctl(id, i, GETZCNT);

		if (pid < 0 || ncnt < 0 || zcnt < 0)
			rc = -1;
		semaphores[i] = (struct semaphore){ values[i], pid, ncnt, zcnt };
	}
	free(values);
	return rc < 0 ? -1 : 0;
}

static int
get_value(const struct object *o, unsigned num, unsigned *value)
{
	int val = semctl(o->fact[FACT_ID], num, GETVAL);

	*value = val;
	return val < 0 ? -1 : 0;
}

static int
get_waiters(const struct object *o, unsigned num, unsigned *waiters)
{
	int id = o->fact[FACT_ID];
	int ncnt = semctl(id, num, GETNCNT);
	int zcnt = ncnt < 0 ? -1 : semctl(id, num, GETZCNT);

	*waiters = ncnt + zcnt;
	return zcnt < 0 ? -1 : 0;
}

static uint64_t
most(void)
{
	struct seminfo info;

	if (read_info(IPC_INFO, &info) < 0)
		return UINT64_MAX;
	return info.semopm;
}

static int
change(const struct object *o, const struct sem_change *changes, size_t count, bool undo,
	uint64_t timeout)
{
	struct sembuf *ops = xcalloc(count, sizeof *ops);
	struct wait w = wait_until(timeout);
	uint64_t left;
	int rc;

	for (size_t i = 0; i < count; i++)
		ops[i] = (struct sembuf){ changes[i].num, changes[i].by,
			undo ? SEM_UNDO : 0 };
	/* No signal is caught here, so EINTR only follows a stop and continue. */
	do {
		struct timespec t;

		left = wait_left(&w);
		for (size_t i = 0; i < count && left == 0; i++)
			ops[i].sem_flg |= IPC_NOWAIT;
		rc = semtimedop(o->fact[FACT_ID], ops, count, wait_timespec(left, &t));
	} while (rc < 0 && (errno == EINTR || (errno == EAGAIN && left != 0)));
	free(ops);
	return rc;
}

static const struct set_ops set_ops = {
	.set_value = set_value,
	.set_values = set_values,
	.get_semaphores = get_semaphores,
	.get_pid = get_pid,
	.get_value = get_value,
	.get_waiters = get_waiters,
	.most = most,
	.change = change,
};

static struct verdict
is_unwaited(const struct evidence *e, const struct object *o)
{
	struct verdict all = stale_yes();

	(void)e;
	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && all.stale != STALE_NO; i++) {
		struct verdict v = stale_yes();

		if (get_waiters(o, i, &v.waiters) < 0) {
			v = stale_unknown(CAUSE_SCAN);
			v.error = errno;
		} else if (v.waiters > 0) {
			v.stale = STALE_NO;
			v.cause = CAUSE_WAITING;
		}
		v.has_num = true;
		v.num = i;
		stale_combine(&all, &v);
	}
	return all;
}

static const struct stale_ops stale_ops = {
	.conditions = (stale_condition *const[]){ stale_recorded, is_unwaited,
		stale_quiet, stale_may_know, NULL },
	.by_cost = (stale_condition *const[]){ stale_quiet, is_unwaited, stale_recorded,
		stale_may_know, NULL },
	.needs = SCAN_USERS,
	.has_least_grace = true,
};

static void
find_in_use(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	struct verdict waits = is_unwaited(e, o);
	struct verdict ended;

	if (in_use_refuse(e, o, &waits, a))
		return;
	ended = stale_recorded(e, o);
	if (!in_use_refuse(e, o, &ended, a) && (q->by_conditions || !q->owned))
		in_use_refuse_known(e, o, a);
}

static bool
is_waited(const struct evidence *e, const struct object *o)
{
	unsigned waiters = 0;

	(void)e;
	for (unsigned i = 0; i < o->fact[FACT_NSEMS] && waiters == 0; i++)
		if (get_waiters(o, i, &waiters) < 0)
			return false;
	return waiters > 0;
}

static const struct in_use_ops in_use_ops = {
	.find = find_in_use,
	.is_waited = is_waited,
	.uses = SCAN_WAITERS,
};

enum { L_SEMMNI, L_SEMMNS, L_SEMMSL, L_SEMOPM, L_SEMVMX };

static struct limit_most
most_semaphores(uint64_t limit)
{
	(void)limit;
	return (struct limit_most){ .number = INT_MAX };
}

/* The sysctl has SEMMSL, SEMMNS, SEMOPM and SEMMNI in this order (proc(5)). */
static const struct limit limits[] = {
	[L_SEMMNI] = { "SEMMNI", "semaphore sets", "kernel.sem", 4, LIMIT_OBJECTS,
		.counted = true, .most = sysv_most_objects },
	[L_SEMMNS] = { "SEMMNS", "semaphores of all sets", "kernel.sem", 2, LIMIT_TOTAL,
		.counted = true, .fact = FACT_NSEMS, .most = most_semaphores },
	[L_SEMMSL] = { "SEMMSL", "semaphores of a set", "kernel.sem", 1, LIMIT_EACH },
	[L_SEMOPM] = { "SEMOPM", "operations of a semop", "kernel.sem", 3, LIMIT_OTHER },
	[L_SEMVMX] = { "SEMVMX", "value of a semaphore", NULL, 0, LIMIT_OTHER },
	{ 0 },
};

static int
read_limits(struct limit *l, struct buf *cause)
{
	struct seminfo most, now;

	(void)cause;
	if (read_info(IPC_INFO, &most) < 0 || read_info(SEM_INFO, &now) < 0)
		return -1;
	l[L_SEMMNI].limit = most.semmni;
	l[L_SEMMNI].used = now.semusz;
	l[L_SEMMNS].limit = most.semmns;
	l[L_SEMMNS].used = now.semaem;
	l[L_SEMMSL].limit = most.semmsl;
	l[L_SEMOPM].limit = most.semopm;
	l[L_SEMVMX].limit = most.semvmx;
	for (size_t i = 0; i <= L_SEMVMX; i++) {
		l[i].numbers[0] = most.semmsl;
		l[i].numbers[1] = most.semmns;
		l[i].numbers[2] = most.semopm;
		l[i].numbers[3] = most.semmni;
	}
	return 0;
}

#define STAT_FACTS (SYSV_FACTS | FACT(NSEMS) | FACT(OTIME))

enum { VALUE_MOST = 32767 }; /* include/uapi/linux/sem.h */

static const struct kind_properties properties = {
	.required = PROPERTY(NSEMS),
	.created = PROPERTY(VALUE) | SYSV_PROPERTIES,
	.changed = PROPERTY(VALUE),
	.value_most = VALUE_MOST,
};

const struct sysv sysv_sem = {
	.kind = {
		.name = "sem",
		.noun = "semaphore set",
		.title = "semaphore sets",
		.short_noun = "set",
		.short_nouns = "sets",
		.words = (const char *const[]){ "semaphore", "semaphores", NULL },
		.is_default = true,
		.facts = STAT_FACTS | SYSV_DERIVED | FACT(SEMAPHORES),
		.use = FACT_NSEMS,
		.use_one = " semaphore",
		.use_many = " semaphores",
		.columns = "ref,key,owner,mode,nsems,otime,active,state",
		.states = states,
		.use_bits = 02,
		SYSV_KIND,
		.properties = &properties,
		.stale = &stale_ops,
		.in_use = &in_use_ops,
		.limits = limits,
		.read_limits = read_limits,
		.set = &set_ops,
	},
	.proc_path = "/proc/sysvipc/sem",
	.columns = columns,
	.stat_facts = STAT_FACTS,
	.max_index = max_index,
	.count = count,
	.get = get,
	.stat_any = SEM_STAT_ANY,
	.read_ds = read_ds,
	.set_id = set_id,
	.remove_id = remove_id,
};
