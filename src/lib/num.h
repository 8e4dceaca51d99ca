/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_NUM_H
#define LIB_NUM_H

#include <stdint.h>

#include "lib/buf.h"

/* Writes a number in decimal, at most 20 digits, without a NUL.  Returns the end. */
char *num_put(char *p, uint64_t number);

/*
 * Strict parsers of numbers for the command line: the number must be the whole text.
 * They return 0, or -1 with *result unchanged if the text is invalid or the number does
 * not fit.  The NUM_..._FORM texts describe the valid form.
 */

/* A decimal number from min to max. */
int num_range(const char *text, uint64_t min, uint64_t max, uint64_t *result);

/* An id: a decimal number. */
#define NUM_ID_FORM "expected a number from 0 to 2147483647"
int num_id(const char *text, uint32_t *id);

/* A key as options take it; a negative decimal is a key as /proc/sysvipc prints it. */
#define NUM_KEY_FORM \
	"expected a decimal, 0octal or 0xhex number from 1 to 0xffffffff (0 is " \
	"IPC_PRIVATE, which names nothing)"
int num_key(const char *text, uint32_t *key);

/* The part of a key after 0x: 1 to 8 hexadecimal digits, not 0. */
int num_hex_key(const char *text, uint32_t *key);

/*
 * Bytes: a decimal number, which K, M, G or T or KiB, MiB, GiB or TiB may follow in
 * either case, powers of 1024; a fraction needs a unit.
 */
int num_size(const char *text, uint64_t *bytes);

/* Appends what would be right instead of a text that is no size: KB is ambiguous. */
void num_explain_size(const char *text, struct buf *why);

/*
 * Seconds: a number alone, or numbers with the units w, d, h, m and s in this order, each
 * at most once, "1h30m".  Each number may have a fraction; of the result it is dropped.
 */
int num_duration(const char *text, uint64_t *seconds);

/* The same, in nanoseconds. */
int num_span(const char *text, uint64_t *nanoseconds);

/* Appends what would be right instead of a text that is no duration: 5m for 5min. */
void num_explain_duration(const char *text, struct buf *why);

/*
 * Parses an unsigned number of base 8, 10 or 16 at *p, and moves *p after its last digit.
 * A sign, blank or prefix is not accepted.  Returns 0, or -1 with *p unchanged if there
 * is no digit or the number is above max.
 */
int num_scan(const char **p, unsigned base, uint64_t max, uint64_t *number);

/*
 * Parses at most 19 decimal digits at p, which cannot overflow.  Returns the end of the
 * digits: p itself if there is none.  It is fast, for the many cells of a long listing.
 */
static inline const char *
num_digits(const char *p, uint64_t *number)
{
	const char *end = p + 19;
	uint64_t n = 0;
	unsigned digit;

	for (; p < end && (digit = (unsigned)*p - '0') < 10; p++)
		n = n * 10 + digit;
	*number = n;
	return p;
}

#endif
