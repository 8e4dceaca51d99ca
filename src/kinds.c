/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of kinds.  No other file names the families.  A new kind is a file in the
 * folder of its family, and a row here. */

#include "kind/kind.h"
#include "lib/array.h"
#include "posix/posix.h"
#include "sysv/sysv.h"

const struct kind *const kinds[] = {
	&sysv_shm.kind,
	&sysv_sem.kind,
	&sysv_msg.kind,
	&posix_pshm.kind,
	&posix_psem.kind,
	&posix_pmsg.kind,
};
const size_t kinds_count = ARRAY_SIZE(kinds);
