/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IPCTOOL_TESTS_FUZZ_H
#define IPCTOOL_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * A target: it passes an input of any bytes to functions of ipctool, and aborts if what
 * their headers promise does not hold.  libFuzzer invents inputs (make fuzz); make check
 * passes those that are in tests/fuzz/corpus/NAME.  Returns 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, after a line that tells the condition, unless it holds. */
#define require(condition) \
	((condition) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #condition))
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* What is left of an input. */
struct input {
	const uint8_t *data;
	size_t left;
};

/* Takes a byte, or a number of 8 bytes; what is missing at the end is 0. */
unsigned input_byte(struct input *in);
uint64_t input_number(struct input *in);

/* Takes the rest, or the bytes up to a separator, which is taken as well.  The result
 * ends at its first NUL; the caller passes it to free(3). */
char *input_rest(struct input *in);
char *input_until(struct input *in, char separator);

/* The path of a regular file with this content, until the next call. */
const char *fuzz_file(const void *data, size_t len);

/* The number of bytes of the UTF-8 character (RFC 3629) at the start of text, where len
 * must not be 0; 0 if there is none. */
size_t fuzz_character(const char *text, size_t len);

/* Whether text is UTF-8 without control characters, but for those in allowed. */
bool fuzz_is_clean(const char *text, size_t len, const char *allowed);

/* Appends text; each byte that is not part of UTF-8 becomes U+FFFD. */
void fuzz_put_replaced(struct buf *b, const char *text, size_t len);

/* Appends text, and replaces each \xHH by the byte it stands for. */
void fuzz_put_unescaped(struct buf *b, const char *text, size_t len);

/* Whether a buffer has this content. */
bool fuzz_has(const struct buf *b, const void *data, size_t len);

#endif
