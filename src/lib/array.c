/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/array.h"

#include "lib/xalloc.h"

void *
xgrow(void *array, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return array;
	return xreallocarray(array, count == 0 ? 1 : count * 2, size);
}
