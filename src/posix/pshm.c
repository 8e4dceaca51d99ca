/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared memory objects, shm_overview(7). */

#include <errno.h>
#include <inttypes.h>

#include "lib/buf.h"
#include "posix/dir.h"
#include "posix/name.h"
#include "posix/posix.h"

static int
fill(int fd, const struct creation *what, struct buf *cause)
{
	return posix_allocate(fd, what->size, cause);
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
			[OPERATION_SEMOP] = POSIX_NO_SEMAPHORE,
		},
	},
	.fill = fill,
	.suffices = suffices,
	.place = POSIX_SHM,
	.prefix = "",
	.except = "sem.",
	.open_dir = posix_dir_open,
};
