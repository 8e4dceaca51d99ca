/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The times of the rule of staleness for most tests, so short that no test waits. */

#include "process/rule-times.h"

const struct rule_times rule_times = {
	.margin = 1,
	.grace_private = 60,
	.grace_keyed = 24 * 60 * 60,
	.grace_least = 0,
	.confirm = 20,
	.second_look = 100,
};
