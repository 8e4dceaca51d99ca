/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sysv/source-stat.h"

#include <errno.h>
#include <time.h>

int
stat_start(struct stat_walk *w, const struct sysv *sysv)
{
	int last = sysv->max_index();

	if (last < 0)
		return -1;
	*w = (struct stat_walk){ .sysv = sysv, .last = last };
	return 0;
}

enum {
	/* A call for an unused index costs about as much as a row of the file, and an
	 * empty file as much as some dozens of them. */
	UNUSED_MOST = 256,
	TRIED_AFTER = 64, /* objects; for fewer, opening the file costs more */
	BATCHES = 4,
	TRIALS = 8, /* calls of a batch */
	BATCH_MOST = TRIALS * 1000, /* nanoseconds; rows of the file cost about as much */
};

static int64_t
cpu_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Whether a call costs more than a row of the file, as in virtual machines that trap each
 * system call.  Elsewhere it costs a third.  Interrupts and cold caches lengthen single
 * batches, so the shortest one counts. */
static bool
calls_are_slow(const struct stat_walk *w)
{
	int64_t least = INT64_MAX;
	struct object o;

	for (int batch = 0; batch < BATCHES && least > BATCH_MOST; batch++) {
		int64_t began = cpu_time(), took;

		for (int i = 0; i < TRIALS; i++)
			sysv_read_index(w->sysv, w->next - 1, &o);
		took = cpu_time() - began;
		least = took < least ? took : least;
	}
	return least > BATCH_MOST;
}

/* Whether reading the rest from the file costs less. */
static bool
file_is_cheaper(struct stat_walk *w)
{
	if (w->unused > w->found + UNUSED_MOST)
		return true;
	if (w->found < TRIED_AFTER || w->is_tried)
		return false;
	w->is_tried = true;
	return calls_are_slow(w);
}

int
stat_next(struct stat_walk *w, struct object *o)
{
	while (w->next <= w->last) {
		if (!w->is_patient && file_is_cheaper(w))
			return -1;
		if (sysv_read_index(w->sysv, w->next++, o) == 0) {
			w->found++;
			return 1;
		}
		w->unused++;
		if (!kind_is_gone(errno)) {
			w->denied++;
			w->error = errno;
		}
	}
	return 0;
}
