/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/values.h"

#include <string.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "lib/num.h"
#include "lib/xalloc.h"

enum {
	VALUE_HIGHEST = 32767, /* SEMVMX */
	NUM_HIGHEST = INT32_MAX, /* the maximum of semctl(2); no set is that large */
};

/* Parses a number, which must be followed by one of these characters or the end. */
static bool
scan_range(const char **p, uint64_t max, const char *behind, unsigned *number)
{
	uint64_t n;

	if (num_scan(p, 10, max, &n) < 0 || (**p != '\0' && strchr(behind, **p) == NULL))
		return false;
	*number = n;
	return true;
}

static bool
parse_value(const char *p, struct opt_value *v)
{
	v->first = 0;
	v->last = OPT_VALUES_ALL;
	if (strchr(p, '=') != NULL) {
		if (!scan_range(&p, NUM_HIGHEST, "-=", &v->first) || *p == '\0')
			return false;
		v->last = v->first;
		if (*p++ == '-' &&
			(!scan_range(&p, NUM_HIGHEST, "=", &v->last) || *p++ == '\0'))
			return false;
	}
	return scan_range(&p, VALUE_HIGHEST, "", &v->value);
}

void
opt_values_add(struct opt_values *opt, const char *text, const struct argp_state *state)
{
	struct buf repeated = { 0 };
	struct opt_value v;

	if (!parse_value(text, &v)) {
		opt_put_repeated("--value", text, &repeated);
		opt_error(state,
			"--value: invalid value '%s': expected V for all semaphores, N=V "
			"for one or N-M=V for some, with V from 0 to 32767%s",
			text, buf_text(&repeated));
	}
	if (v.first > v.last)
		opt_error(state,
			"--value: invalid value '%s': the first semaphore of the range "
			"is after the last one",
			text);
	if (opt->count > 0 &&
		(v.last == OPT_VALUES_ALL || opt->list[0].last == OPT_VALUES_ALL))
		opt_error(state,
			"--value: invalid value '%s': a value for all semaphores and "
			"another --value exclude each other",
			text);
	opt->list = xreallocarray(opt->list, opt->count + 1, sizeof *opt->list);
	opt->list[opt->count++] = v;
}

bool
opt_values_are_all(const struct opt_values *opt)
{
	return opt->count == 1 && opt->list[0].last == OPT_VALUES_ALL;
}

unsigned
opt_values_highest(const struct opt_values *opt)
{
	unsigned highest = 0;

	for (size_t i = 0; i < opt->count; i++)
		if (opt->list[i].last != OPT_VALUES_ALL && opt->list[i].last > highest)
			highest = opt->list[i].last;
	return highest;
}
