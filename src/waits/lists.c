/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/lists.h"

#include <stdlib.h>

#include "lib/xalloc.h"

struct lists
lists_new(size_t owners)
{
	return (struct lists){
		.start = xcalloc(owners + 2, sizeof(size_t)),
		.owners = owners,
	};
}

/* Counts at one place after the start of the owner's list, and that start is at one place
 * after where it will be: putting the items moves it to the end of the list. */
void
lists_count(struct lists *l, size_t owner)
{
	l->start[owner + 2]++;
}

void
lists_place(struct lists *l)
{
	for (size_t i = 2; i < l->owners + 2; i++)
		l->start[i] += l->start[i - 1];
	l->items = xcalloc(l->start[l->owners + 1] + 1, sizeof(size_t));
}

void
lists_put(struct lists *l, size_t owner, size_t item)
{
	l->items[l->start[owner + 1]++] = item;
}

void
lists_free(struct lists *l)
{
	free(l->start);
	free(l->items);
}
