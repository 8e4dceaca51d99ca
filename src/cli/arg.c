/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/arg.h"

#include <stdlib.h>

#include "cli/common.h"
#include "lib/names.h"
#include "lib/num.h"

void
opt_arg_mode(struct mode_change **mode, const char *arg, const struct argp_state *state)
{
	struct buf cause = { 0 };

	free(*mode);
	*mode = mode_parse(arg, &cause);
	if (*mode == NULL)
		opt_error(state, "--mode='%s': %s", arg, buf_text(&cause));
}

void
opt_arg_owner(uid_t *uid, gid_t *gid, const char *arg, const struct argp_state *state)
{
	struct buf cause = { 0 };

	if (names_parse_owner(arg, uid, gid, &cause) < 0)
		opt_error(state, "--owner='%s': %s", arg, buf_text(&cause));
}

uint64_t
opt_arg_size(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t size;

	/* With a 32-bit size_t, the size for shmget(2) would be truncated. */
	if (num_size(arg, &size) < 0 || size == 0 || (size_t)size != size)
		opt_error(state, "%s='%s': " NUM_SIZE_FORM ", at least 1", option, arg);
	return size;
}

uint64_t
opt_arg_qbytes(const char *arg, const struct argp_state *state)
{
	uint64_t size;

	if (num_size(arg, &size) < 0 || size == 0 || size > INT32_MAX)
		opt_error(state,
			"--qbytes='%s': a queue may hold from 1 to 2147483647 bytes, "
			"with K, M or G behind the number or not",
			arg);
	return size;
}

uint64_t
opt_arg_bytes(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t size;

	if (num_size(arg, &size) < 0)
		opt_error(state, "%s='%s': " NUM_SIZE_FORM, option, arg);
	return size;
}

uint64_t
opt_arg_count(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t count;

	if (num_range(arg, 0, UINT64_MAX, &count) < 0)
		opt_error(state,
			"%s='%s': it is a decimal number from 0 to 18446744073709551615",
			option, arg);
	return count;
}

uint64_t
opt_arg_age(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t age;

	if (num_age(arg, &age) < 0)
		opt_error(state, "%s='%s': " NUM_AGE_FORM, option, arg);
	return age;
}

uint64_t
opt_arg_span(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t span;

	if (num_span(arg, &span) < 0)
		opt_error(state, "%s='%s': " NUM_SPAN_FORM, option, arg);
	return span;
}
