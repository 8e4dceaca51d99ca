/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysv/source-stat.h"

#include <errno.h>

int
stat_start(struct stat_walk *w, const struct sysv *sysv)
{
	int last = sysv->max_index();

	if (last < 0)
		return -1;
	*w = (struct stat_walk){ .sysv = sysv, .last = last };
	return 0;
}

int
stat_next(struct stat_walk *w, struct object *o)
{
	while (w->next <= w->last) {
		if (sysv_read_index(w->sysv, w->next++, o) == 0)
			return 1;
		if (!kind_is_gone(errno)) {
			w->denied++;
			w->error = errno;
		}
	}
	return 0;
}
