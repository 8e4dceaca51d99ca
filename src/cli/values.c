/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/values.h"

#include <inttypes.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "kind/kind.h"
#include "lib/num.h"
#include "lib/xalloc.h"

enum { NUM_HIGHEST = INT32_MAX }; /* the maximum of semctl(2); no set is that large */

/* Parses a number, which must be followed by one of these characters. */
static bool
scan_number(const char **p, const char *behind, unsigned *number)
{
	uint64_t n;

	if (num_scan(p, 10, NUM_HIGHEST, &n) < 0 || **p == '\0' ||
		strchr(behind, **p) == NULL)
		return false;
	*number = n;
	return true;
}

/* Parses digits to the end, of a number of any size. */
static bool
scan_value(const char *p, uint64_t *value)
{
	if (*p == '\0' || p[strspn(p, "0123456789")] != '\0')
		return false;
	if (num_range(p, 0, UINT64_MAX, value) < 0)
		*value = UINT64_MAX;
	return true;
}

static bool
parse_value(const char *p, struct opt_value *v)
{
	v->first = 0;
	v->last = OPT_VALUES_ALL;
	if (strchr(p, '=') != NULL) {
		if (!scan_number(&p, "-=", &v->first))
			return false;
		v->last = v->first;
		if (*p++ == '-' && (!scan_number(&p, "=", &v->last) || *p++ == '\0'))
			return false;
	}
	return scan_value(p, &v->value);
}

/* Rejects a value for a set, which has several semaphores. */
static void
refuse_value(const struct opt_value *v, uint64_t most, const struct argp_state *state)
{
	struct buf why = { 0 };

	if (most != 0)
		buf_printf(&why, ", with V from 0 to %" PRIu64, most);
	opt_put_repeated("--value", v->text, &why);
	opt_error(state,
		"--value: invalid value '%s': expected V for all semaphores, N=V for one "
		"or N-M=V for some%s",
		v->text, buf_text(&why));
}

/* Checks a value for one semaphore. */
static void
check_one_value(const struct opt_value *v, const struct kind_properties *properties,
	const char *operand, const struct argp_state *state)
{
	if (!v->is_valid)
		opt_error(state,
			"%s: --value: invalid value '%s': expected a number from 0 to "
			"%" PRIu64,
			operand, v->text, properties->value_most);
	if (v->last != OPT_VALUES_ALL)
		opt_error(state, "%s: %s", operand, properties->one_value);
	if (v->value > properties->value_most)
		opt_error(state, "%s: value %s is too large, the maximum is %" PRIu64,
			operand, v->text, properties->value_most);
}

void
opt_values_check(const struct opt_values *opt, const struct kind *kind,
	const char *operand, const struct argp_state *state)
{
	const struct kind_properties *properties = kind == NULL ? NULL : kind->properties;

	for (size_t i = 0; i < opt->count; i++) {
		const struct opt_value *v = &opt->list[i];

		if (properties == NULL) {
			if (!v->is_valid)
				refuse_value(v, 0, state);
		} else if (properties->one_value != NULL) {
			check_one_value(v, properties, operand, state);
		} else if (!v->is_valid || v->value > properties->value_most) {
			refuse_value(v, properties->value_most, state);
		}
	}
}

void
opt_values_add(struct opt_values *opt, const char *text, const struct argp_state *state)
{
	struct opt_value v = { .text = text };

	v.is_valid = parse_value(text, &v);
	if (v.is_valid && v.first > v.last)
		opt_error(state,
			"--value: invalid value '%s': the first semaphore of the range "
			"is after the last one",
			text);
	if (v.is_valid && opt->count > 0 && opt->list[0].is_valid &&
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
