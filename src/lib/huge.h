/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_HUGE_H
#define LIB_HUGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"

/* Whether this machine has huge pages of this many bytes (/sys/kernel/mm/hugepages),
 * or may have them, if that cannot be looked up. */
bool huge_has_size(uint64_t size);

/* The bytes of the largest page that this machine has: of a small one where it has no
 * huge ones, or their directory cannot be read. */
uint64_t huge_largest(void);

/* Appends the sizes there are, as "2048K, 1048576K", or "none", or "unknown" and why. */
void huge_list_sizes(struct buf *text);

/*
 * Appends why a segment of huge pages was refused: the sizes there are, the group that
 * may have them, how many pages are free.  size 0 is the default size.
 */
void huge_explain(uint64_t size, int error, struct buf *text);

#endif
