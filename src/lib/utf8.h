/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

/*
 * UTF-8 whatever the locale of the environment is: the C library's own decoder and
 * widths, in its C.UTF-8 locale.
 */

/* Whether every byte is printable ASCII: then no other function here is needed. */
bool utf8_plain(const char *text, size_t len);

/*
 * Decodes the character at the start of text.  Returns the number of bytes it takes, at
 * least 1, and stores the character, or -1 where the bytes are not UTF-8 (then 1 byte is
 * to be passed over).  len must not be 0.
 */
size_t utf8_next(const char *text, size_t len, long *character);

/* Columns that a character takes on a terminal; -1 for a control character. */
int utf8_columns(long character);

/*
 * Appends text to b as it may be shown to a person: control characters and bytes that
 * are not UTF-8 become \xHH.  Returns the columns it takes.
 */
size_t utf8_show(struct buf *b, const char *text, size_t len);

#endif
