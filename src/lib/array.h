/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stddef.h>

/* The number of elements of an array, which must not be a pointer. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof(array)[0])

/*
 * Makes room for one more element in an array of count elements of this size, and returns
 * the new address of the array: xgrow(list, count, sizeof *list).  The capacity is not
 * stored: it doubles whenever count is a power of two.  Exits if there is no memory.
 */
void *xgrow(void *array, size_t count, size_t size);

/* The index of the first element that is not before the key, in an array that is sorted
 * by compare(), as for bsearch(3); count if there is none. */
size_t array_first(const void *key, const void *array, size_t count, size_t size,
	int (*compare)(const void *key, const void *element));

/* Sorts an array as qsort(3) does.  If the array is in order already, that takes one pass
 * and no memory. */
void array_sort(void *array, size_t count, size_t size,
	int (*compare)(const void *a, const void *b));

#endif
