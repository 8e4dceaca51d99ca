/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Whether a process started after a recorded time, by clocks that were and were not set
 * since boot; and the times of the rule of staleness as they are installed.
 */

#include "process/clocks.h"

#include <sys/sysinfo.h>

#include "process/rule-times.h"
#include "tap.h"

enum { TICKS = 100, BOOT = 1000000, HOUR = 3600 };

/* Clocks of which the current one is ahead of the one at boot by some seconds. */
static struct clocks
set_by(double seconds)
{
	return (struct clocks){
		.ticks = TICKS,
		.boot_by_today = BOOT + seconds,
		.boot_by_then = BOOT,
		.then_is_known = true,
	};
}

static void
test_right(void)
{
	struct clocks c = set_by(0);

	is_int(clocks_started_after(&c, 10 * TICKS, BOOT + 8), ANSWER_YES,
		"a start two seconds later is after it");
	is_int(clocks_started_after(&c, 10 * TICKS - 1, BOOT + 8), ANSWER_NO,
		"a start in the next second may be before it: the clock of events lags");
	is_int(clocks_started_after(&c, 10 * TICKS, BOOT + 10), ANSWER_NO,
		"the same second");
	is_int(clocks_started_after(&c, 10 * TICKS, BOOT + 100), ANSWER_NO, "before it");
	is_int(clocks_started_after(&c, 0, 0), ANSWER_YES, "after the epoch");
	is_int(clocks_start(&c, 10 * TICKS), BOOT + 10, "its start as a time of day");
}

static void
test_forward(void)
{
	struct clocks c = set_by(HOUR);

	is_int(clocks_started_after(&c, 10 * TICKS, BOOT + 100), ANSWER_NO,
		"set forward: younger by today's clock, older by the one at boot");
	is_int(clocks_started_after(&c, 200 * TICKS, BOOT + 100), ANSWER_YES,
		"set forward: younger by both");
	is_int(clocks_started_after(&c, 10 * TICKS, BOOT + 2 * HOUR), ANSWER_NO,
		"set forward: older by both");
	c.then_is_known = false;
	is_int(clocks_started_after(&c, 200 * TICKS, BOOT + 100), ANSWER_UNKNOWN,
		"younger by today's clock, and that at boot is not known");
	is_int(clocks_started_after(&c, 10 * TICKS, BOOT + 2 * HOUR), ANSWER_NO,
		"older by today's clock, and that at boot is not known");
}

static void
test_back(void)
{
	struct clocks c = set_by(-HOUR);

	is_int(clocks_started_after(&c, 10 * TICKS, BOOT + 5), ANSWER_NO,
		"set back: older by today's clock");
}

/* The clocks of this machine. */
static void
test_read(void)
{
	struct clocks c;
	struct sysinfo info;

	clocks_read(&c);
	sysinfo(&info);
	ok(c.ticks > 0, "the number of ticks in a second is known");
	ok(c.boot_by_today > (double)time(NULL) - info.uptime - 3 &&
			c.boot_by_today < (double)time(NULL) - info.uptime + 3,
		"the time of boot is now minus the uptime");
	ok(!c.then_is_known || c.boot_by_then <= c.boot_by_today,
		"the clock at boot makes no process younger");
}

static void
test_times(void)
{
	is_uint(rule_times.margin, 600,
		"a process may learn of a private object for ten minutes");
	is_uint(rule_times.grace_private, 60, "the grace time of private objects");
	is_uint(rule_times.grace_keyed, 86400, "the grace time of keyed objects");
	is_uint(rule_times.grace_least, 3, "the least grace time of sets and queues");
	is_uint(rule_times.confirm, 500, "milliseconds between two scans");
	is_uint(rule_times.second_look, 3000, "milliseconds to the second look of rm");
}

int
main(void)
{
	test_right();
	test_forward();
	test_back();
	test_read();
	test_times();
	return done_testing();
}
