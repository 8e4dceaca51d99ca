/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_HUGE_H
#define LIB_HUGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"

/* Whether this machine has huge pages of this size in bytes (/sys/kernel/mm/hugepages).
 * True if that cannot be determined. */
bool huge_has_size(uint64_t size);

/* The size in bytes of the smallest huge page of this machine.  This is the size of a
 * normal page if there are no huge pages. */
uint64_t huge_smallest(void);

/* Whether this machine has no huge page, free or used, of any size.  False if that cannot
 * be determined. */
bool huge_are_absent(void);

/* Appends the sizes of huge pages as "2048K, 1048576K", or "none", or "unknown" with the
 * reason. */
void huge_list_sizes(struct buf *text);

/*
 * Appends facts that may explain why a segment of huge pages was refused: the available
 * sizes, the group that may use them, the number of free pages.  A size of 0 is the
 * default size.
 */
void huge_explain(uint64_t size, int error, struct buf *text);

#endif
