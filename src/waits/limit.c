/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "waits/limit.h"

#include "waits/read.h"
#include "waits/reference.h"

enum { SECOND = 1000000000 }; /* in nanoseconds */

/* Returns whether the limit could be read. */
static bool
read_time(const struct thread *t, uint64_t address, struct timespec *limit)
{
	struct {
		int32_t sec, nsec;
	} narrow;
	struct {
		int64_t sec, nsec;
	} wide;

	if (t->call.has_narrow_times) {
		if (!read_memory(t->tid, address, &narrow, sizeof narrow))
			return false;
		*limit = (struct timespec){ narrow.sec, narrow.nsec };
		return true;
	}
	if (!read_memory(t->tid, address, &wide, sizeof wide))
		return false;
	/* 32-bit programs leave the upper half of the nanoseconds undefined. */
	*limit = (struct timespec){ wide.sec, (int32_t)wide.nsec };
	return true;
}

/* Rounded up, so that a part of a second is not none. */
static int64_t
whole_seconds(const struct timespec *limit)
{
	int64_t seconds = limit->tv_sec;

	return seconds + (limit->tv_nsec > 0 && seconds < INT64_MAX);
}

void
limit_after(struct thread *t, uint64_t address)
{
	struct timespec limit;

	if (address == 0)
		return;
	t->is_limited = true;
	if (read_time(t, address, &limit))
		t->timeout = whole_seconds(&limit);
}

/* Whether a clock shows the same in all processes that have our time namespace, or in
 * all processes. */
static bool
is_shared_clock(const struct world *w, const struct thread *t, clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_TAI:
		return true;
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		return reference_has_our_clocks(w, world_process_of(w, t));
	default:
		return false;
	}
}

void
limit_at(const struct world *w, struct thread *t, clockid_t clock, uint64_t address)
{
	struct timespec limit, now;

	if (address == 0)
		return;
	t->is_limited = true;
	if (!is_shared_clock(w, t, clock) || !read_time(t, address, &limit) ||
		clock_gettime(clock, &now) < 0)
		return;
	limit.tv_sec -= now.tv_sec;
	limit.tv_nsec -= now.tv_nsec;
	if (limit.tv_nsec < 0) {
		limit.tv_nsec += SECOND;
		limit.tv_sec--;
	}
	t->timeout = limit.tv_sec < 0 ? 0 : whole_seconds(&limit);
}
