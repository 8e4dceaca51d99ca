/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/base64.h"

void
base64_add(struct buf *b, const char *data, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t have = len - i < 3 ? len - i : 3;
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < have ? (unsigned char)data[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buf_char(b, k <= have ? digits[bits >> (18 - 6 * k) & 63] : '=');
	}
}
