/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NUM_H
#define NUM_H

#include <stdint.h>

/* Writes a number in decimal, at most 20 digits without a NUL, and returns what follows. */
char *num_put(char *p, uint64_t number);

/*
 * Reads an unsigned number of this base (8, 10 or 16) at *p, which is left behind its
 * last digit; no sign, blank or prefix is taken.  Returns 0, or -1 with *p unmoved when
 * there is no digit or the number is above max.
 */
int num_scan(const char **p, unsigned base, uint64_t max, uint64_t *number);

#endif
