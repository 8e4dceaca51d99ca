/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Named semaphores, sem_overview(7), as glibc stores them. */

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kind/limit.h"
#include "posix/dir.h"
#include "posix/name.h"
#include "posix/semaphore.h"

enum {
	SIZE = 32, /* of the file of a 64-bit program: sizeof(sem_t) */
	TRIES = 4,
	PAUSES_MOST = 100, /* in a run */
	PAUSE_NS = 5 * 1000 * 1000,
};

/* Why the value is unknown, in the place of the value. */
enum unread {
	UNREAD_MACHINE, /* the files of this machine have another layout */
	UNREAD_SIZE,
	UNREAD_ELSEWHERE, /* another user's mounts show it, so it is not opened */
	UNREAD_FILE, /* it cannot be opened: this, and errno added to it */
};

/* The start of the file: sysdeps/nptl/internaltypes.h of glibc 2.21 and later. */
struct content {
	uint32_t value;
	uint32_t nwait;
};

/* Opens the file; again if another ipctool holds a lease on it, which takes a moment.
 * Any user can hold leases on many files for longer. */
static int
open_patiently(const struct posix_dir *dir, const char *file, const struct object *o)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	static int pauses;
	int fd = posix_open_file(dir, file, o);

	for (int tries = 1;
		fd < 0 && errno == EAGAIN && tries < TRIES && pauses < PAUSES_MOST;
		tries++, pauses++) {
		nanosleep(&pause, NULL);
		fd = posix_open_file(dir, file, o);
	}
	return fd;
}

/* Reads the start of a file of the right size.  0, or the reason. */
static int
read_start(const struct posix_dir *dir, const char *file, const struct object *o,
	struct content *content)
{
	int fd = open_patiently(dir, file, o);
	struct stat st;
	int why = -1;

	if (fd < 0)
		return UNREAD_FILE + errno;
	/* No mapping is needed, so a file that shrinks causes no SIGBUS. */
	if (fstat(fd, &st) < 0)
		why = UNREAD_FILE + errno;
	else if (st.st_size != SIZE ||
		pread(fd, content, sizeof *content, 0) != sizeof *content)
		why = UNREAD_SIZE;
	close(fd);
	return why;
}

static void
read_value(
	const struct posix_dir *dir, const char *file, facts_t wanted, struct object *o)
{
	static const facts_t facts = FACT(VALUE) | FACT(NWAIT);
	struct content content;
	int why = UNREAD_MACHINE;

	if (!(wanted & facts))
		return;
	if (!dir->may_open)
		why = UNREAD_ELSEWHERE;
	else if (semaphore_is_native())
		why = read_start(dir, file, o, &content);
	if (why >= 0) {
		content = (struct content){ why, why };
		o->unknown |= facts;
	}
	/* Nothing was read only if errno gave a reason, which is above 0. */
	/* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
	object_set(o, FACT_VALUE, content.value);
	object_set(o, FACT_NWAIT, content.nwait);
}

static void
put_unread_value(const struct object *o, struct buf *b)
{
	uint64_t why = o->fact[FACT_VALUE];

	if (why == UNREAD_MACHINE)
		buf_str(b, "this machine is not 64-bit little-endian");
	else if (why == UNREAD_SIZE)
		buf_printf(b, "the file does not have %d bytes", SIZE);
	else if (why == UNREAD_ELSEWHERE)
		buf_str(b, POSIX_NOT_OPENED);
	else
		buf_printf(
			b, "the file cannot be opened: %s", strerror(why - UNREAD_FILE));
}

static const struct limit limits[] = {
	{ "SEM_VALUE_MAX", "value of a named semaphore", NULL, 0, LIMIT_OTHER },
	{ 0 },
};

/* The C library checks it, and not the kernel. */
static int
read_limits(struct limit *l, struct buf *cause)
{
	(void)cause;
	l->limit = SEM_VALUE_MAX;
	return 0;
}

#define NO_QUEUE "not a message queue; use semop"
#define REFUSED \
	[OPERATION_READ] = "a semaphore has no contents to read; stat shows its value", \
	[OPERATION_WRITE] = "a semaphore cannot be written; use set --value", \
	[OPERATION_SEND] = NO_QUEUE, [OPERATION_RECV] = NO_QUEUE

/* The sem_t of another C library is not what the files of this name contain. */
#ifdef __GLIBC__
#define VALUES .created = PROPERTY(VALUE), .changed = PROPERTY(VALUE)
#define NO_VALUES
#define OPERATIONS POSIX_CREATE, .semaphore = &posix_semaphore_ops, .refuses = { REFUSED }
#else
#define OTHER_LIBRARY \
	"this ipctool is built with musl, which cannot operate the semaphores of glibc"
#define VALUES .created = 0
#define NO_VALUES [PROPERTY_VALUE] = "is not possible: " OTHER_LIBRARY
#define OPERATIONS \
	.refuses = { REFUSED, [OPERATION_SEMOP] = OTHER_LIBRARY, \
		[OPERATION_CREATE] = OTHER_LIBRARY }
#endif

static const struct kind_properties properties = {
	VALUES,
	.refused = { POSIX_REFUSED, NO_VALUES },
	.value_most = SEM_VALUE_MAX,
	.one_value = "--value=N=V applies to sem only; use --value=V",
};

const struct posix posix_psem = {
	.kind = {
		.name = "psem",
		.noun = "POSIX named semaphore",
		.title = "POSIX named semaphores",
		.short_noun = "named semaphore",
		.short_nouns = "named semaphores",
		.facts = POSIX_FILE_FACTS | FACT(VALUE) | FACT(NWAIT) | POSIX_DERIVED,
		.use = FACT_VALUE,
		.use_before = "value ",
		.use_one = "",
		.use_many = "",
		.columns = "ref,owner,mode,value,nwait,state",
		.use_bits = 06,
		POSIX_KIND,
		.put_unread = put_unread_value,
		.stale = &posix_stale_of_sets,
		.in_use = &posix_in_use_of_sets,
		.limits = limits,
		.read_limits = read_limits,
		.properties = &properties,
		OPERATIONS,
	},
	.fill = semaphore_fill,
	.suffices = semaphore_suffices,
	.place = POSIX_SHM,
	.prefix = "sem.",
	.open_dir = posix_dir_open,
	.read_contents = read_value,
};
