/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Text and contents for people, in JSON and as base64: all of the input, which is also
 * decoded again. */

#include <stdlib.h>
#include <string.h>

#include "tests/fuzz.h"
#include "lib/base64.h"
#include "lib/utf8.h"
#include "output/json.h"

static void
check_show(const char *text, size_t len)
{
	struct buf shown = { 0 }, bytes = { 0 };
	size_t columns = utf8_show(&shown, text, len);

	require(fuzz_is_clean(shown.data, shown.len, ""));
	require(columns <= 4 * len);
	fuzz_put_unescaped(&bytes, shown.data, shown.len);
	/* It does not escape backslashes, so that text can look like an escape. */
	if (len == 0 || memchr(text, '\\', len) == NULL)
		require(fuzz_has(&bytes, text, len));
	buf_free(&shown);
	buf_free(&bytes);
}

/* The same in pieces, as contents come from a pipe. */
static void
check_contents(const char *text, size_t len)
{
	struct buf whole = { 0 }, pieces = { 0 }, bytes = { 0 };
	size_t piece = len == 0 ? 0 : UTF8_BYTES_MAX + (unsigned char)*text % 13;
	size_t n;

	require(utf8_show_contents(&whole, text, len, false) == len);
	require(fuzz_is_clean(whole.data, whole.len, "\n\t"));
	require(whole.len <= UTF8_SHOWN_MAX * len);
	fuzz_put_unescaped(&bytes, whole.data, whole.len);
	require(fuzz_has(&bytes, text, len));
	for (size_t at = 0; at < len; at += n) {
		n = len - at < piece ? len - at : piece;
		n = utf8_show_contents(&pieces, text + at, n, n < len - at);
		require(n > 0);
	}
	require(fuzz_has(&pieces, whole.data, whole.len));
	buf_free(&whole);
	buf_free(&pieces);
	buf_free(&bytes);
}

/* Appends a character below U+10000 as UTF-8. */
static void
put_character(struct buf *b, unsigned long character)
{
	if (character < 0x80) {
		buf_char(b, (char)character);
	} else {
		if (character >= 0x800) {
			buf_char(b, (char)(0xe0 | character >> 12));
			buf_char(b, (char)(0x80 | (character >> 6 & 63)));
		} else {
			buf_char(b, (char)(0xc0 | character >> 6));
		}
		buf_char(b, (char)(0x80 | (character & 63)));
	}
}

/* Decodes the content of a JSON string (RFC 8259). */
static void
decode_json(struct buf *b, const char *text, size_t len)
{
	static const char shorts[] = "\"\"\\\\//b\bf\fn\nr\rt\t";

	for (const char *end = text + len; text < end; text++) {
		char digits[5] = { 0 };
		const char *p = shorts;

		require((unsigned char)*text >= ' ' && *text != '"');
		if (*text != '\\') {
			buf_char(b, *text);
			continue;
		}
		require(++text < end);
		while (*p != '\0' && *p != *text)
			p += 2;
		if (*p != '\0') {
			buf_char(b, p[1]);
			continue;
		}
		require(*text == 'u' && end - text >= 5);
		memcpy(digits, text + 1, 4);
		require(strspn(digits, "0123456789abcdef") == 4);
		put_character(b, strtoul(digits, NULL, 16));
		text += 4;
	}
}

static void
check_json(const char *text, size_t len)
{
	struct buf json = { 0 }, decoded = { 0 }, wanted = { 0 };

	json_characters(&json, text, len);
	require(json.len <= JSON_BYTES_MAX * len);
	require(fuzz_is_clean(json.data, json.len, "") ||
		memchr(text, '\xc2', len) != NULL);
	decode_json(&decoded, json.data, json.len);
	fuzz_put_replaced(&wanted, text, len);
	require(fuzz_has(&decoded, wanted.data, wanted.len));
	buf_free(&json);
	buf_free(&decoded);
	buf_free(&wanted);
}

static void
check_base64(const char *text, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct buf encoded = { 0 }, decoded = { 0 };

	base64_add(&encoded, text, len);
	require(encoded.len == (len + 2) / 3 * 4);
	for (size_t i = 0; i < encoded.len; i += 4) {
		const char *p = encoded.data + i;
		size_t padding = (p[3] == '=') + (p[2] == '=');
		unsigned long bits = 0;

		require(padding == 0 || i + 4 == encoded.len);
		for (size_t k = 0; k < 4; k++) {
			const char *digit = k >= 4 - padding ? digits
							     : strchr(digits, p[k]);

			require(digit != NULL && *digit != '\0');
			bits = bits << 6 | (unsigned long)(digit - digits);
		}
		for (size_t k = 0; k < 3 - padding; k++)
			buf_char(&decoded, (char)(bits >> (16 - 8 * k)));
	}
	require(fuzz_has(&decoded, text, len));
	buf_free(&encoded);
	buf_free(&decoded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	check_show(text, size);
	check_contents(text, size);
	check_json(text, size);
	check_base64(text, size);
	return 0;
}
