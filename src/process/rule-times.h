/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_RULE_TIMES_H
#define PROCESS_RULE_TIMES_H

/*
 * The times of the rule of staleness, ipctool-stale(7).  They are constants of one object
 * file, which the tests replace to be quicker; no option and no variable changes them.
 */
struct rule_times {
	unsigned margin; /* seconds after the making of a private object until which a
	                  * process that starts may still learn of it */
	unsigned grace_private; /* seconds that an object without a key must be quiet */
	unsigned grace_keyed; /* seconds that an object with a key must be quiet */
	unsigned grace_least; /* seconds that a set or a queue must be quiet at least */
	unsigned confirm; /* milliseconds between the two scans of a look */
	unsigned second_look; /* milliseconds after which rm looks again */
};

extern const struct rule_times rule_times;

#endif
