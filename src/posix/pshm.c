/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared memory objects, shm_overview(7). */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "lib/buf.h"
#include "lib/wait.h"
#include "posix/dir.h"
#include "posix/name.h"
#include "posix/posix.h"

/* fallocate(2) reserves the memory: with ftruncate(2) a full file system would be a
 * signal to the program that touches the object.  It is interrupted by signals that the
 * process handles, and by stopping the process. */
static int
allocate(int fd, uint64_t size)
{
	int rc;

	if (size > INT64_MAX) {
		errno = EFBIG;
		return -1;
	}
	do
		rc = fallocate(fd, 0, 0, (off_t)size);
	while (rc < 0 && errno == EINTR && wait_signal() == 0);
	return rc;
}

static int
fill(int fd, const struct creation *what, struct buf *cause)
{
	struct rlimit most;
	struct statvfs fs;
	int error;

	if (allocate(fd, what->size) == 0)
		return 0;
	error = errno;
	buf_str(cause, "cannot allocate ");
	buf_size(cause, what->size);
	buf_str(cause, ": ");
	if (error == ENOSPC && fstatvfs(fd, &fs) == 0 && fs.f_blocks > 0 &&
		(uint64_t)fs.f_bavail * fs.f_frsize < what->size) {
		buf_str(cause, POSIX_SHM " has ");
		buf_size(cause, (uint64_t)fs.f_bavail * fs.f_frsize);
		buf_str(cause, " of ");
		buf_size(cause, (uint64_t)fs.f_blocks * fs.f_frsize);
		buf_str(cause, " free");
	} else {
		buf_str(cause, strerror(error));
	}
	if (error == EFBIG && getrlimit(RLIMIT_FSIZE, &most) == 0 &&
		most.rlim_cur < what->size) {
		buf_printf(cause, " (RLIMIT_FSIZE, ulimit -f, is %llu bytes)",
			(unsigned long long)most.rlim_cur);
	}
	errno = error;
	return -1;
}

static bool
suffices(const struct object *o, const struct creation *what, struct buf *cause)
{
	if (o->fact[FACT_SIZE] >= what->size)
		return true;
	buf_printf(cause,
		"exists with size %" PRIu64 ", less than the requested %" PRIu64,
		o->fact[FACT_SIZE], what->size);
	errno = EINVAL;
	return false;
}

#define NO_QUEUE "not a message queue; use read or write"

static const struct kind_properties properties = {
	.required = PROPERTY(SIZE),
	.refused = { POSIX_REFUSED },
};

const struct posix posix_pshm = {
	.kind = {
		.name = "pshm",
		.noun = "POSIX shared memory object",
		.title = "POSIX shared memory objects",
		.short_noun = "shared memory object",
		.short_nouns = "shared memory objects",
		.facts = POSIX_FILE_FACTS | FACT(SIZE) | POSIX_DERIVED,
		.use = FACT_ALLOC,
		.use_of = FACT_SIZE,
		.columns = "ref,owner,mode,size,alloc,active,state",
		.use_bits = 04,
		POSIX_KIND,
		.limits = posix_shm_limits,
		.read_limits = posix_read_shm_limits,
		.stale = &posix_stale_ops,
		.in_use = &posix_in_use_ops,
		POSIX_CREATE,
		.properties = &properties,
		.memory = &posix_memory_ops,
		.refuses = {
			[OPERATION_SEND] = NO_QUEUE,
			[OPERATION_RECV] = NO_QUEUE,
			[OPERATION_SEMOP] = "not a semaphore; semop takes sem",
		},
	},
	.fill = fill,
	.suffices = suffices,
	.place = POSIX_SHM,
	.prefix = "",
	.except = "sem.",
	.open_dir = posix_dir_open,
};
