/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POSIX_SEMAPHORE_H
#define POSIX_SEMAPHORE_H

#include "kind/set.h"
#include "posix/posix.h"

/* Whether the file has the layout that ipctool knows: that of 64-bit little-endian
 * machines, from glibc 2.21 on. */
static inline bool
semaphore_is_native(void)
{
	return sizeof(long) == 8 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

/* The members fill and suffices of struct posix. */
int semaphore_fill(int fd, const struct creation *what, struct buf *cause);
bool semaphore_suffices(
	const struct object *o, const struct creation *what, struct buf *cause);

extern const struct semaphore_ops posix_semaphore_ops;

#endif
