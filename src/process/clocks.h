/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_CLOCKS_H
#define PROCESS_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* An answer that evidence gives. */
enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_UNKNOWN,
};

/*
 * What turns the start of a process, which the kernel counts from boot, into a time of
 * day. Today's clock alone does not serve: after it was set forward, old processes look
 * young.
 */
struct clocks {
	double ticks; /* in a second */
	double boot_by_today; /* when the machine booted, by the clock as it is now */
	double boot_by_then; /* ... and at the latest by the clock as it was at boot
			      * ... */
	bool then_is_known; /* ... if that is known */
};

/*
 * Reads the clocks.  The clock at boot is the time of the symbolic link /dev/fd, which is
 * made then, where /dev is a devtmpfs, unless that time cannot be the one of boot: more
 * than a minute later than today's clock puts it.
 */
void clocks_read(struct clocks *c);

/*
 * Whether what started this many ticks after boot started after a recorded time, which
 * has whole seconds: yes only if both clocks say so, no if one of them denies it.
 */
enum answer clocks_started_after(const struct clocks *c, uint64_t ticks, time_t when);

/* When that was, in seconds since the epoch, by today's clock. */
time_t clocks_start(const struct clocks *c, uint64_t ticks);

#endif
