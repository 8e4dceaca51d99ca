/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kind/access.h"
#include "kind/limit.h"
#include "kind/memory.h"
#include "lib/file.h"
#include "lib/huge.h"
#include "process/in-use.h"
#include "sysv/sysv.h"

#ifndef SHM_STAT_ANY
#define SHM_STAT_ANY 15
#endif
#ifndef MFD_HUGETLB
#define MFD_HUGETLB 4
#endif
#ifndef MFD_HUGE_SHIFT
#define MFD_HUGE_SHIFT 26
#endif
#ifndef SHM_HUGE_SHIFT
#define SHM_HUGE_SHIFT 26
#endif
/* Linux 5.14 and later. */
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif

static const struct sysv_column columns[] = {
	{ "shmid", FACT_ID, 10, 31 },
	{ "size", FACT_SIZE, 10, 64 },
	{ "cpid", FACT_CPID, 10, 31 },
	{ "lpid", FACT_LPID, 10, 31 },
	{ "nattch", FACT_NATTCH, 10, 64 },
	{ "atime", FACT_ATIME, 10, 63 },
	{ "dtime", FACT_DTIME, 10, 63 },
	{ "rss", FACT_RSS, 10, 64 },
	{ "swap", FACT_SWAP, 10, 64 },
	{ 0 },
};

static const struct kind_state states[] = {
	{ SHM_DEST, "dest", true },
	{ SHM_LOCKED, "locked" },
	{ 0 },
};

static int
max_index(void)
{
	struct shminfo most;

	return shmctl(0, IPC_INFO, (struct shmid_ds *)&most);
}

static int
count(unsigned long *count)
{
	struct shm_info now;

	if (shmctl(0, SHM_INFO, (struct shmid_ds *)&now) < 0)
		return -1;
	*count = now.used_ids;
	return 0;
}

static int
read_ds(int id, int command, struct object *o)
{
	struct shmid_ds ds;
	int rc = shmctl(id, command, &ds);

	if (rc < 0)
		return -1;
	sysv_from_perm(o, &ds.shm_perm);
	object_set(o, FACT_CTIME, ds.shm_ctime);
	object_set(o, FACT_SIZE, ds.shm_segsz);
	object_set(o, FACT_NATTCH, ds.shm_nattch);
	object_set(o, FACT_CPID, ds.shm_cpid);
	object_set(o, FACT_LPID, ds.shm_lpid);
	object_set(o, FACT_ATIME, ds.shm_atime);
	object_set(o, FACT_DTIME, ds.shm_dtime);
	return rc;
}

/* Whether this number of bytes is more than the segment has in pages of this size. */
static bool
is_beyond(uint64_t bytes, uint64_t size, uint64_t page)
{
	uint64_t pages = size / page + (size % page != 0);

	return bytes / page > pages || (bytes / page == pages && bytes % page != 0);
}

/* Linux (up to 6.18 at least) counts each huge page of a segment once for each small page
 * in it, so that rss is 512 times too large.  The smallest huge page tells: where there
 * are pages of 1 GiB, 512 times 2 MiB would be possible. */
static const char *
drop_untrue(struct object *o)
{
	uint64_t rss = o->fact[FACT_RSS];
	uint64_t size = o->fact[FACT_SIZE];

	if (!object_has(o, FACT(RSS) | FACT(SIZE)) ||
		!is_beyond(rss, size, sysconf(_SC_PAGESIZE)) ||
		!is_beyond(rss, size, huge_smallest()))
		return NULL;
	o->have &= ~FACT(RSS);
	return "the kernel says that more of a segment is in memory than it has (its rss "
	       "is wrong for huge pages)";
}

static int
set_id(int id, const struct object *o)
{
	struct shmid_ds ds = { 0 };

	sysv_to_perm(o, &ds.shm_perm);
	return shmctl(id, IPC_SET, &ds);
}

static int
remove_id(int id)
{
	return shmctl(id, IPC_RMID, NULL);
}

static int
get(const struct creation *what, int flags)
{
	if (flags & IPC_CREAT) {
		flags |= what->huge ? SHM_HUGETLB : 0;
		flags |= what->no_reserve ? SHM_NORESERVE : 0;
		if (what->huge_size != 0)
			flags |= __builtin_ctzll(what->huge_size) << SHM_HUGE_SHIFT;
	}
	return shmget((key_t)what->key, what->size, flags);
}

/* With shm_rmid_forced the kernel removes an unattached segment as soon as it is created.
 * A segment that exists is attached. */
static const char *
would_vanish(const struct kind *kind, const struct creation *what)
{
	uint64_t forced;
	uint32_t id;

	if (file_number("/proc/sys/kernel/shm_rmid_forced", &forced) < 0 || forced == 0 ||
		(what->key != 0 && sysv_by_key(kind, what->key, &id) == 0))
		return NULL;
	return "the kernel would remove it at once, because no process is attached to it "
	       "(sysctl kernel.shm_rmid_forced is 1)";
}

static bool
is_marked(const struct object *o)
{
	return o->fact[FACT_MODE] & SHM_DEST;
}

static bool
is_locked(const struct object *o)
{
	return o->fact[FACT_MODE] & SHM_LOCKED;
}

/* One for all IPC namespaces, and one for each size of huge pages.  Files of
 * memfd_create(2) are on the same file systems. */
static void
find_devices(struct devices *d)
{
	enum { LOG_SIZES = 64 };
	uint64_t usual = sysconf(_SC_PAGESIZE);

	*d = (struct devices){ .found = true };
	for (unsigned log = 0; log < LOG_SIZES && d->count < DEVICES_MAX; log++) {
		unsigned flags = log == 0 ? 0 : MFD_HUGETLB | log << MFD_HUGE_SHIFT;
		int fd = memfd_create("segment", MFD_CLOEXEC | flags);
		struct stat st;

		/* Few sizes have huge pages, and some kernels have none at all. */
		if (fd < 0 && log > 0 && (errno == ENODEV || errno == EINVAL))
			continue;
		if (fd < 0 || fstat(fd, &st) < 0) {
			d->unknown = errno;
		} else {
			d->list[d->count].device = st.st_dev;
			d->list[d->count].page_size = log == 0 ? usual
							       : UINT64_C(1) << log;
			d->count++;
		}
		if (fd >= 0)
			close(fd);
		/* If the call itself is denied, it is denied for every size. */
		if (d->unknown != 0)
			return;
	}
}

/* proc_pid_maps(5): the inode of a segment is its id.  The name has the key at the time
 * of creation, which the segment may have lost since. */
static bool
match_mapping(const char *name, uint64_t inode, uint64_t *id)
{
	static const char form[] = "/SYSV%8[0-9a-f] (deleted)%n";
	char key[9];
	int end = 0;

	*id = inode;
	return inode <= INT32_MAX && sscanf(name, form, key, &end) == 1 && end != 0 &&
		name[end] == '\0';
}

static bool
may_lock(const struct object *o)
{
	return access_is_ours(o) || access_has(CAP_IPC_LOCK);
}

static int
lock(const struct object *o, bool lock)
{
	return shmctl(o->fact[FACT_ID], lock ? SHM_LOCK : SHM_UNLOCK, NULL);
}

static int
attach(const struct object *o, bool writing, struct memory *m, struct buf *cause)
{
	struct shmid_ds ds;
	void *data = shmat(o->fact[FACT_ID], NULL, writing ? 0 : SHM_RDONLY);
	int error;

	(void)cause;
	if (data == (void *)-1)
		return -1;
	/* The id may have belonged to another, larger object when it was read. */
	if (shmctl(o->fact[FACT_ID], IPC_STAT, &ds) < 0) {
		error = errno;
		shmdt(data);
		errno = error;
		return -1;
	}
	*m = (struct memory){ .size = ds.shm_segsz, .data = data };
	return 0;
}

static void
detach(const struct memory *m)
{
	shmdt(m->data);
}

/* Makes the kernel allocate the pages of a range at once: without it each page costs a
 * fault when it is first touched.  Touching the pages reports errors. */
static void
populate(const struct memory *m, uint64_t offset, uint64_t length, bool writing)
{
	uint64_t first = offset - offset % sysconf(_SC_PAGESIZE);

	madvise(m->data + first, offset + length - first,
		writing ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

static const char *
get_bytes(struct memory *m, uint64_t offset, size_t *length, struct buf *cause)
{
	(void)cause;
	populate(m, offset, *length, false);
	return m->data + offset;
}

static char *
room_for_bytes(struct memory *m, uint64_t offset, size_t length, bool at_once)
{
	if (at_once)
		populate(m, offset, length, true);
	return m->data + offset;
}

static size_t
put_bytes(struct memory *m, uint64_t offset, size_t length, struct buf *cause)
{
	(void)m;
	(void)offset;
	(void)cause;
	return length;
}

static const struct memory_ops memory_ops = {
	.open = attach,
	.close = detach,
	.get = get_bytes,
	.room = room_for_bytes,
	.put = put_bytes,
};

static const struct lock_ops lock_ops = {
	.is_locked = is_locked,
	.lock = lock,
	.may_lock = may_lock,
};

static struct verdict
is_unattached(const struct evidence *e, const struct object *o)
{
	(void)e;
	return o->fact[FACT_NATTCH] > 0 ? stale_no(CAUSE_ATTACHED) : stale_yes();
}

static const struct stale_ops stale_ops = {
	.conditions = (stale_condition *const[]){ stale_recorded, is_unattached,
		stale_quiet, stale_may_know, NULL },
	.by_cost = (stale_condition *const[]){ stale_quiet, is_unattached, stale_recorded,
		stale_may_know, NULL },
	.needs = SCAN_USERS,
};

/* The kernel counts attachments.  If a user names an unattached segment, it is not
 * refused for processes that may know it. */
static void
find_in_use(const struct evidence *e, const struct object *o,
	const struct in_use_question *q, struct in_use_answer *a)
{
	struct verdict v = is_unattached(e, o);

	if (!in_use_refuse(e, o, &v, a) && q->by_conditions && !q->knows_attached)
		in_use_refuse_known(e, o, a);
}

static const struct in_use_ops in_use_ops = {
	.find = find_in_use,
	.is_exact = true,
	.uses = SCAN_MAPS,
};

enum { L_SHMMNI, L_SHMALL, L_SHMMAX, L_SHMMIN };

static struct limit_most
most_pages(uint64_t limit)
{
	(void)limit;
	return (struct limit_most){ .number = ULONG_MAX };
}

static const struct limit limits[] = {
	[L_SHMMNI] = { "SHMMNI", "segments", "kernel.shmmni", 0, LIMIT_OBJECTS,
		.counted = true, .most = sysv_most_objects },
	[L_SHMALL] = { "SHMALL", "pages of all segments", "kernel.shmall", 0, LIMIT_TOTAL,
		.counted = true, .is_memory = true, .fact = FACT_SIZE,
		.most = most_pages },
	[L_SHMMAX] = { "SHMMAX", "bytes of a segment", "kernel.shmmax", 0, LIMIT_EACH,
		.bytes = true },
	[L_SHMMIN] = { "SHMMIN", "least bytes of a segment", NULL, 0, LIMIT_LEAST,
		.bytes = true },
	{ 0 },
};

static int
read_limits(struct limit *l, struct buf *cause)
{
	struct shminfo most;
	struct shm_info now;

	(void)cause;
	if (shmctl(0, IPC_INFO, (struct shmid_ds *)&most) < 0 ||
		shmctl(0, SHM_INFO, (struct shmid_ds *)&now) < 0)
		return -1;
	l[L_SHMMNI].limit = most.shmmni;
	l[L_SHMMNI].used = now.used_ids;
	l[L_SHMALL].unit = sysconf(_SC_PAGESIZE);
	l[L_SHMALL].limit = most.shmall;
	l[L_SHMALL].used = now.shm_tot;
	/* The totals do not show whether some of it is wrong: see drop_untrue(). */
	l[L_SHMALL].rss_known = huge_are_absent();
	l[L_SHMALL].rss = now.shm_rss * l[L_SHMALL].unit;
	l[L_SHMALL].swap = now.shm_swp * l[L_SHMALL].unit;
	l[L_SHMMAX].limit = most.shmmax;
	l[L_SHMMIN].limit = most.shmmin;
	return 0;
}

#define STAT_FACTS \
	(SYSV_FACTS | FACT(SIZE) | FACT(NATTCH) | FACT(CPID) | FACT(LPID) | \
		FACT(ATIME) | FACT(DTIME))

static const struct kind_properties properties = {
	.required = PROPERTY(SIZE),
	.created = PROPERTY(HUGE) | PROPERTY(NO_RESERVE) | SYSV_PROPERTIES,
	.changed = PROPERTY(LOCK) | PROPERTY(UNLOCK),
};

const struct sysv sysv_shm = {
	.kind = {
		.name = "shm",
		.noun = "shared memory segment",
		.title = "shared memory segments",
		.short_noun = "segment",
		.short_nouns = "segments",
		.words = (const char *const[]){ "shmem", "shmems", "memory", NULL },
		.is_default = true,
		.facts = STAT_FACTS | FACT(RSS) | FACT(SWAP) | SYSV_DERIVED |
			FACT(PAGESIZE),
		.use = FACT_NATTCH,
		.use_one = " attached",
		.use_many = " attached",
		.columns = "ref,key,owner,mode,size,nattch,cpid,active,state",
		.states = states,
		.use_bits = 04,
		SYSV_KIND,
		.properties = &properties,
		.stale = &stale_ops,
		.in_use = &in_use_ops,
		.would_vanish = would_vanish,
		.limits = limits,
		.read_limits = read_limits,
		.is_marked = is_marked,
		.mapping = "/SYSV",
		.match_mapping = match_mapping,
		.find_devices = find_devices,
		.memory = &memory_ops,
		.lock = &lock_ops,
	},
	.proc_path = "/proc/sysvipc/shm",
	.columns = columns,
	.stat_facts = STAT_FACTS,
	.max_index = max_index,
	.count = count,
	.get = get,
	.stat_any = SHM_STAT_ANY,
	.read_ds = read_ds,
	.drop_untrue = drop_untrue,
	.set_id = set_id,
	.remove_id = remove_id,
};
