/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OUTPUT_JSON_H
#define OUTPUT_JSON_H

#include "lib/buf.h"

/* The "schema" of every document: it counts the changes that break a program that
 * reads one. */
enum { JSON_SCHEMA = 1 };

/* The most bytes that json_characters() makes of one. */
enum { JSON_BYTES_MAX = 6 };

/*
 * Appends text as it stands in a string, without the quotation marks; bytes that are not
 * UTF-8 become U+FFFD each.  It allocates nothing where b has room for the result.
 */
void json_characters(struct buf *b, const char *text, size_t len);

#endif
