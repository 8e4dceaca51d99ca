/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared memory objects, shm_overview(7). */

#include "posix/name.h"
#include "posix/posix.h"

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
	},
	.prefix = "",
};
