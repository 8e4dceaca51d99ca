/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PART_H
#define CLI_PART_H

#include <argp.h>
#include <stdbool.h>

#include "lib/buf.h"

/* A part of a segment, by --offset and --length. */
struct opt_part {
	uint64_t offset;
	uint64_t length;
	bool has_length; /* else the part ends at the end of the segment */
};

/* The option group; its input is a struct opt_part of zeros. */
extern const struct argp opt_part_argp;

/* Stores the length of the part in an object of this size.  0, or -1 with the cause if
 * the part is not inside. */
int opt_part_of(
	const struct opt_part *part, uint64_t size, uint64_t *length, struct buf *cause);

#endif
