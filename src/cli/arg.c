/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/arg.h"

#include <stdlib.h>
#include <string.h>

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
		opt_error(state, "--mode: invalid mode '%s': %s", arg, buf_text(&cause));
}

/* The last user or group that an option names. */
static const char *noted_name;

void
opt_note_name(const char *name)
{
	noted_name = name;
}

const char *
opt_noted_name(void)
{
	return noted_name;
}

void
opt_arg_owner(uid_t *uid, gid_t *gid, const char *arg, const struct argp_state *state)
{
	struct buf cause = { 0 };

	if (names_parse_owner(arg, uid, gid, &cause) < 0)
		opt_error(state, "--owner: %s", buf_text(&cause));
	/* "USER:" stands for the group that the database has for the user. */
	if (arg[strspn(arg, "0123456789:")] != '\0' || arg[strlen(arg) - 1] == ':')
		opt_note_name(arg);
}

static _Noreturn void
refuse_size(const char *option, const char *arg, const struct argp_state *state)
{
	struct buf why = { 0 };

	num_explain_size(arg, &why);
	opt_error(state, "%s: invalid size '%s': %s", option, arg, buf_text(&why));
}

static _Noreturn void
refuse_duration(const char *option, const char *arg, const struct argp_state *state)
{
	struct buf why = { 0 };

	num_explain_duration(arg, &why);
	opt_error(state, "%s: invalid duration '%s': %s", option, arg, buf_text(&why));
}

uint64_t
opt_arg_size(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t size = opt_arg_bytes(option, arg, state);

	/* Where size_t has 32 bits, shmget(2) would get a size that is cut. */
	if (size == 0 || (size_t)size != size)
		opt_error(state, "%s: invalid size '%s': expected at least 1 byte%s",
			option, arg, size == 0 ? "" : ", and less than 4G");
	return size;
}

uint64_t
opt_arg_qbytes(const char *arg, const struct argp_state *state)
{
	uint64_t size = opt_arg_bytes("--qbytes", arg, state);

	if (size == 0 || size > INT32_MAX)
		opt_error(state,
			"--qbytes: invalid size '%s': expected 1 to 2147483647 bytes",
			arg);
	return size;
}

uint64_t
opt_arg_bytes(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t size;

	if (num_size(arg, &size) < 0)
		refuse_size(option, arg, state);
	return size;
}

uint64_t
opt_arg_count(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t count;

	if (num_range(arg, 0, UINT64_MAX, &count) < 0)
		opt_error(state,
			"%s: invalid number '%s': expected a number from 0 to "
			"18446744073709551615",
			option, arg);
	return count;
}

uint64_t
opt_arg_duration(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t seconds;

	if (num_duration(arg, &seconds) < 0)
		refuse_duration(option, arg, state);
	return seconds;
}

uint64_t
opt_arg_span(const char *option, const char *arg, const struct argp_state *state)
{
	uint64_t span;

	if (num_span(arg, &span) < 0)
		refuse_duration(option, arg, state);
	return span;
}

void
opt_put_repeated(const char *option, const char *arg, struct buf *b)
{
	const char *between = strncmp(option, "--", 2) == 0 ? "=" : " ";

	if (strchr(arg, ',') == NULL)
		return;
	buf_str(b, "; repeat the option:");
	for (; *arg != '\0'; arg += *arg == ',') {
		size_t len = strcspn(arg, ",");

		if (len > 0)
			buf_printf(b, " %s%s%.*s", option, between, (int)len, arg);
		arg += len;
	}
}
