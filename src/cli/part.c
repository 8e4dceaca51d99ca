/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/part.h"

#include <inttypes.h>

#include "cli/arg.h"
#include "cli/common.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "A part of the memory:", 5 },
	{ "offset", OPT_OFFSET, "SIZE", 0, "Start at this offset from its beginning", 0 },
	{ "length", OPT_LENGTH, "SIZE", 0,
		"This number of bytes instead of all up to its end", 0 },
	{ 0 },
};

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct opt_part *part = state->input;

	switch (key) {
	case OPT_OFFSET:
		part->offset = opt_arg_bytes("--offset", arg, state);
		return 0;
	case OPT_LENGTH:
		part->length = opt_arg_size("--length", arg, state);
		part->has_length = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp opt_part_argp = {
	.options = options,
	.parser = parse_opt,
};

int
opt_part_of(
	const struct opt_part *part, uint64_t size, uint64_t *length, struct buf *cause)
{
	uint64_t offset = part->offset;

	if (offset > size) {
		buf_printf(cause,
			"offset %" PRIu64 " is beyond its end: it has %" PRIu64 " bytes",
			offset, size);
		return -1;
	}
	*length = size - offset;
	if (!part->has_length)
		return 0;
	if (part->length > *length) {
		buf_printf(cause,
			"%" PRIu64 " bytes from offset %" PRIu64
			" go beyond its end: it has %" PRIu64 " "
			"bytes",
			part->length, offset, size);
		return -1;
	}
	*length = part->length;
	return 0;
}
