/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stddef.h>

/* How many elements an array has; it must not be a pointer. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof(array)[0])

/*
 * Makes room in a growing array of count elements of this size for one more, and returns
 * where the array is now: xgrow(list, count, sizeof *list).  The room is not kept track
 * of; it is doubled whenever count is a power of two.  Does not return without memory.
 */
void *xgrow(void *array, size_t count, size_t size);

#endif
