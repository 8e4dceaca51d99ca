/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Numbers, modes and operations as people type them: the first byte of the input chooses
 * which ones, the rest is the text. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz.h"
#include "kind/set.h"
#include "lib/mode.h"
#include "lib/num.h"

enum { UNTOUCHED = 0x5a5a5a5a };

/* A parser of a number that may be large. */
typedef int parse_fn(const char *text, uint64_t *number);

/* What is accepted starts with a digit, and is the same number when it is written in
 * decimal; what is refused changes nothing. */
static bool
check_parser(parse_fn *parse, const char *text, uint64_t unit)
{
	uint64_t number = UNTOUCHED, again;
	char decimal[32];

	if (parse(text, &number) < 0) {
		require(number == UNTOUCHED);
		return false;
	}
	require(*text >= '0' && *text <= '9');
	snprintf(decimal, sizeof decimal, "%" PRIu64, number / unit);
	require(parse(decimal, &again) == 0);
	require(again == number / unit * unit);
	return true;
}

/* What an explanation says to use instead is right. */
static void
check_advice(parse_fn *parse, void (*explain)(const char *text, struct buf *why),
	const char *text)
{
	struct buf why = { 0 };
	const char *advice;
	uint64_t number;
	char *word;

	explain(text, &why);
	require(why.len > 0);
	/* The text itself may contain the words. */
	if (strncmp(buf_text(&why), "expected", 8) != 0) {
		advice = strncmp(buf_text(&why), "use ", 4) == 0
			? buf_text(&why)
			: strstr(buf_text(&why), "; use ") + 2;
		word = strndup(advice + 4, strcspn(advice + 4, " "));
		require(parse(word, &number) == 0);
		free(word);
	}
	buf_free(&why);
}

static void
check_size(const char *text)
{
	if (!check_parser(num_size, text, 1))
		check_advice(num_size, num_explain_size, text);
}

static void
check_duration(const char *text)
{
	uint64_t seconds, nanoseconds;

	if (!check_parser(num_duration, text, 1))
		check_advice(num_duration, num_explain_duration, text);
	if (!check_parser(num_span, text, 1000000000))
		return;
	/* What fits in nanoseconds fits in seconds; each part is cut for itself. */
	require(num_duration(text, &seconds) == 0);
	require(num_span(text, &nanoseconds) == 0);
	require(nanoseconds / 1000000000 >= seconds);
	require(nanoseconds / 1000000000 - seconds <= 4);
}

static void
check_id(const char *text)
{
	uint32_t id = UNTOUCHED;

	if (num_id(text, &id) < 0) {
		require(id == UNTOUCHED);
		return;
	}
	require(id <= INT32_MAX);
	require(strspn(text, "0123456789") == strlen(text));
	require(strtoull(text, NULL, 10) == id);
}

/* Whether a key that is written like this is that key. */
static bool
is_key(const char *text, uint32_t key)
{
	uint32_t number;

	return num_key(text, &number) == 0 && number == key;
}

static void
check_key(const char *text)
{
	uint32_t key = UNTOUCHED;
	char written[16];

	if (num_key(text, &key) < 0) {
		require(key == UNTOUCHED);
		return;
	}
	require(key != 0);
	snprintf(written, sizeof written, "%" PRIu32, key);
	require(is_key(written, key));
	snprintf(written, sizeof written, "%#" PRIo32, key);
	require(is_key(written, key));
	snprintf(written, sizeof written, "0X%08" PRIX32, key);
	require(is_key(written, key));
	snprintf(written, sizeof written, "%" PRId32, (int32_t)key);
	require(is_key(written, key));
}

/* strtoull(3) agrees, except for the signs, blanks and prefixes that it takes. */
static void
check_scan(const char *text)
{
	static const unsigned bases[] = { 8, 10, 16 };

	for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
		uint64_t number = UNTOUCHED;
		const char *p = text;
		char *end;

		if (num_scan(&p, bases[i], UINT64_MAX, &number) < 0) {
			require(p == text && number == UNTOUCHED);
			continue;
		}
		require(strtoull(text, &end, bases[i]) == number || p[0] == 'x' ||
			p[0] == 'X');
		require(end == p || p[0] == 'x' || p[0] == 'X');
	}
}

static void
check_put(struct input in)
{
	uint64_t number = input_number(&in), again;
	struct buf hex = { 0 };
	const char *p;
	char text[21];

	*num_put(text, number) = '\0';
	require(num_range(text, number, number, &again) == 0 && again == number);
	buf_digits(&hex, number, 16, 1 + input_byte(&in) % 64);
	p = buf_text(&hex);
	require(num_scan(&p, 16, number, &again) == 0 && *p == '\0' && again == number);
	buf_free(&hex);
}

static void
check_mode(const char *text)
{
	static const unsigned modes[] = { 0, 0400, 0111, 0640, 0777 };
	struct buf cause = { 0 };
	struct mode_change *change = mode_parse(text, &cause);

	require((change == NULL) == (cause.len > 0));
	for (size_t i = 0; change != NULL && i < sizeof modes / sizeof modes[0]; i++) {
		unsigned mode = mode_apply(change, modes[i]);

		require(mode <= 0777);
		if (*text >= '0' && *text <= '9')
			require(mode == strtoul(text, NULL, 8));
		else
			require(strspn(text, "ugoarwxX+-=,") == strlen(text));
	}
	free(change);
	buf_free(&cause);
}

static void
check_operation(const char *text)
{
	struct sem_change change, again;
	struct buf cause = { 0 };
	char written[32];

	if (sem_change_parse(text, &change, &cause) < 0) {
		require(cause.len > 0);
		buf_free(&cause);
		return;
	}
	require(cause.len == 0);
	if (change.by == 0)
		snprintf(written, sizeof written, "%u=0", change.num);
	else
		snprintf(written, sizeof written, "%u%+d", change.num, change.by);
	require(sem_change_parse(written, &again, &cause) == 0);
	require(again.num == change.num && again.by == change.by);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(const char *text) = { check_id, check_key,
		check_size, check_duration, check_scan, check_mode, check_operation };
	static const char letters[] = "iksdnmo";
	struct input in = { data, size };
	unsigned which = input_byte(&in);
	const char *letter = which == 0 ? NULL : strchr(letters, (int)which);
	char *text;

	if (letter == NULL) {
		check_put(in);
		return 0;
	}
	text = input_rest(&in);
	checks[letter - letters](text);
	free(text);
	return 0;
}
