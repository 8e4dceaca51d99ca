/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROCESS_RULE_TIMES_H
#define PROCESS_RULE_TIMES_H

/* The times of the rule of staleness, ipctool-stale(7).  They are constants in one object
 * file.  The tests replace it with shorter times; no option or variable changes them. */
struct rule_times {
	unsigned margin; /* seconds after the creation of a private object: a process
			  * that starts within them may still know it */
	unsigned grace_private; /* seconds that an object without a key must be quiet */
	unsigned grace_keyed; /* seconds that an object with a key must be quiet */
	unsigned grace_least; /* minimum grace time of a set or a queue, in seconds */
	unsigned confirm; /* milliseconds between the first scan and the one that
			   * confirms */
	unsigned second_look; /* milliseconds until rm checks again */
};

extern const struct rule_times rule_times;

#endif
