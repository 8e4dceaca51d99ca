/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_JSON_H
#define OUTPUT_JSON_H

#include "lib/buf.h"

/* The member "schema" of every document; it increases with each change that breaks
 * programs that read the documents. */
enum { JSON_SCHEMA = 1 };

/* The most bytes that json_characters() writes for one byte of text. */
enum { JSON_BYTES_MAX = 6 };

/*
 * Appends text as the content of a JSON string, without the quotation marks.  Each byte
 * that is not UTF-8 becomes U+FFFD.  It allocates nothing if b has room for the result.
 */
void json_characters(struct buf *b, const char *text, size_t len);

#endif
