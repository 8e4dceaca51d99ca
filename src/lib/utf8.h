/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

/* UTF-8, independent of the locale in the environment.  It uses the decoder and the
 * widths of the C library in its C.UTF-8 locale. */

/* Whether all bytes are printable ASCII; then no other function here is needed. */
bool utf8_plain(const char *text, size_t len);

/*
 * Decodes the character at the start of text, where len must not be 0.  Returns its
 * number of bytes, and stores it in *character.  If the bytes are not UTF-8, it stores -1
 * and returns 1.
 */
size_t utf8_next(const char *text, size_t len, long *character);

/* The number of columns of a character on a terminal; -1 for a control character. */
int utf8_columns(long character);

/* Appends text to b in a form that is safe for a terminal: control characters and bytes
 * that are not UTF-8 become \xHH.  Returns the number of columns it takes. */
size_t utf8_show(struct buf *b, const char *text, size_t len);

/*
 * Appends contents to b in a form that is safe for a terminal: as utf8_show(), but
 * newlines and tabs stay, and a backslash becomes \x5c, so that the bytes can be told
 * from the result.  If more text follows, a character that may be cut short at the end is
 * left out: fewer than UTF8_BYTES_MAX bytes.  Returns the number of bytes of text that
 * were appended, each of them as at most UTF8_SHOWN_MAX bytes.
 */
enum { UTF8_BYTES_MAX = 4, UTF8_SHOWN_MAX = 4 };
size_t utf8_show_contents(struct buf *b, const char *text, size_t len, bool more);

#endif
