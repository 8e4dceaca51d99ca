/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIB_BASE64_H
#define LIB_BASE64_H

#include "lib/buf.h"

/* Appends bytes as base64 with padding (RFC 4648, section 4).  Not every C library has
 * b64_ntop(3) of resolv.h. */
void base64_add(struct buf *b, const char *data, size_t len);

#endif
