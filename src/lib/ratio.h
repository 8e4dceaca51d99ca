/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_RATIO_H
#define LIB_RATIO_H

#include <stdint.h>

/*
 * Exact arithmetic with products that 64 bits do not hold: a limit of the kernel may be
 * 2^64-1.  Machines of 32 bits have no integer type of 128 bits.
 */

/* number * factor / divisor, rounded down, or UINT64_MAX if that is larger.  The divisor
 * is not 0. */
uint64_t ratio_scale(uint64_t number, uint64_t factor, uint64_t divisor);

/* Compares a / b with c / d: below 0, 0, or above it.  No divisor is 0. */
int ratio_compare(uint64_t a, uint64_t b, uint64_t c, uint64_t d);

#endif
