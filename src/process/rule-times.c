/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "process/rule-times.h"

const struct rule_times rule_times = {
	.margin = 10 * 60,
	.grace_private = 60,
	.grace_keyed = 24 * 60 * 60,
	.grace_least = 3,
	/* A busy server that replaces its workers has none for up to 140 ms. */
	.confirm = 500,
	.second_look = 3000,
};
