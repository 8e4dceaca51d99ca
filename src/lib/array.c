/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/array.h"

#include <stdlib.h>

#include "lib/xalloc.h"

void *
xgrow(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return xreallocarray(array, count == 0 ? 1 : count * 2, size);
}

size_t
array_first(const void *key, const void *array, size_t count, size_t size,
	int (*compare)(const void *key, const void *element))
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(key, (const char *)array + middle * size) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
array_sort(void *array, size_t count, size_t size,
	int (*compare)(const void *a, const void *b))
{
	const char *last = array;

	for (size_t i = 1; i < count; i++, last += size)
		if (compare(last, last + size) > 0) {
			qsort(array, count, size, compare);
			return;
		}
}
