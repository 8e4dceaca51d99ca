/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_NUM_H
#define LIB_NUM_H

#include <stdint.h>

/* Writes a number in decimal, at most 20 digits without a NUL, and returns what
 * follows. */
char *num_put(char *p, uint64_t number);

/*
 * Strict numbers for the command line: the whole text must be one.  Return 0, or -1 when
 * it is not one or does not fit, with *result untouched; the NUM_..._FORM texts tell what
 * would be right.
 */

/* Decimal digits, from min to max. */
int num_range(const char *text, uint64_t min, uint64_t max, uint64_t *result);

/* An id: decimal digits. */
#define NUM_ID_FORM "an id is a number from 0 to 2147483647"
int num_id(const char *text, uint32_t *id);

/* A key as options take it; a negative decimal is one as /proc/sysvipc prints it. */
#define NUM_KEY_FORM \
	"a key is a decimal, 0octal or 0xhex number from 1 to 0xffffffff (0 is " \
	"IPC_PRIVATE, which names nothing)"
int num_key(const char *text, uint32_t *key);

/* A key behind 0x: 1 to 8 hexadecimal digits and not 0. */
int num_hex_key(const char *text, uint32_t *key);

/* Bytes: a decimal number, with a fraction if there is a unit: K M G T, powers of
 * 1024. */
#define NUM_SIZE_FORM \
	"a size is a number of bytes, or one with K, M, G or T behind it, below 2^64 " \
	"bytes"
int num_size(const char *text, uint64_t *bytes);

/* Seconds: a decimal number with a unit: s m h d w; a plain number is seconds. */
#define NUM_AGE_FORM \
	"an age is a number of seconds, or one with s, m, h, d or w behind it, as 90m " \
	"or 1.5h, below 2^64 seconds"
int num_age(const char *text, uint64_t *seconds);

/* The same, in nanoseconds, and with a fraction also for a plain number. */
#define NUM_SPAN_FORM \
	"a time is a number of seconds, or one with s, m, h, d or w behind it, up to " \
	"584 years"
int num_span(const char *text, uint64_t *nanoseconds);

/*
 * Reads an unsigned number of this base (8, 10 or 16) at *p, which is left behind its
 * last digit; no sign, blank or prefix is taken.  Returns 0, or -1 with *p unmoved when
 * there is no digit or the number is above max.
 */
int num_scan(const char **p, unsigned base, uint64_t max, uint64_t *number);

/*
 * The decimal digits at p, of which it reads at most 19: these cannot overflow.  Returns
 * what follows them, p itself where there is none.  For the many cells of a long listing.
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
