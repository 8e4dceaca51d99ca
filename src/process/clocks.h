/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_CLOCKS_H
#define PROCESS_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* An answer derived from evidence. */
enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_UNKNOWN,
};

/*
 * Data to convert the start of a process, which the kernel counts from boot, into a time
 * of day.  The current clock alone is not enough: if it was set forward, old processes
 * look young.
 */
struct clocks {
	double ticks; /* per second */
	double boot_by_today; /* time of boot by the current clock */
	double boot_by_then; /* earliest possible time of boot by the clock at boot */
	bool then_is_known; /* boot_by_then is known */
};

/*
 * Reads the clocks.  On a devtmpfs the symbolic link /dev/fd is created at boot, so its
 * time is the clock at boot.  The time is rejected if it is more than a minute after boot
 * by the current clock.
 */
void clocks_read(struct clocks *c);

/*
 * Whether a process that started this many ticks after boot started after a recorded
 * time, which has whole seconds and may lag.  Yes if both clocks say so, no if one of
 * them denies it.
 */
enum answer clocks_started_after(const struct clocks *c, uint64_t ticks, time_t when);

/* Converts a start to seconds since the epoch, by the current clock. */
time_t clocks_start(const struct clocks *c, uint64_t ticks);

#endif
