/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Messages as recv prints them.  The first byte of the input chooses the form and the
 * second whether it is escaped; the rest is the content of a message, and half of it that
 * of another. */

#include "output/message-json.h"

#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz.h"
#include "lib/file.h"

/* Writes the messages to a file instead of standard output. */
static void
write_messages(
	enum message_form form, bool escapes, const struct input *in, struct buf *written)
{
	struct message_output m = { .form = form, .number = "mtype", .escapes = escapes };
	const char *content = (const char *)in->data;
	const char *path = fuzz_file("", 0);
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	int saved = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	if (fd < 0 || saved < 0 || dup2(fd, STDOUT_FILENO) < 0)
		err(1, "cannot replace standard output");
	require(message_output_begin(&m) == 0);
	require(message_output_check(&m) == 0);
	require(message_output_put(&m, LONG_MAX, content, in->left) == 0);
	require(message_output_put(&m, 1, content, in->left / 2) == 0);
	require(message_output_end(&m) == 0);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(fd);
	if (file_read_all(path, written) < 0)
		err(1, "%s", path);
}

/* The text is UTF-8 in any case, and has as many lines as it should. */
static void
check_document(const struct buf *written)
{
	size_t lines = 0;

	for (size_t i = 0, n; i < written->len; i += n) {
		n = fuzz_character(written->data + i, written->len - i);
		require(n > 0);
		require((unsigned char)written->data[i] >= ' ' ||
			written->data[i] == '\n');
		lines += written->data[i] == '\n';
	}
	require(lines == 4);
}

/* Contents that can be told from what is written. */
static void
check_bytes(enum message_form form, bool escapes, const struct input *in,
	const struct buf *written)
{
	struct buf wanted = { 0 }, bytes = { 0 };
	const char *end = form == MESSAGE_LINES ? "\n" : "";

	buf_add(&wanted, in->data, in->left);
	buf_str(&wanted, end);
	buf_add(&wanted, in->data, in->left / 2);
	buf_str(&wanted, end);
	if (escapes) {
		require(fuzz_is_clean(written->data, written->len, "\n\t"));
		fuzz_put_unescaped(&bytes, written->data, written->len);
	} else {
		buf_add(&bytes, written->data, written->len);
	}
	require(fuzz_has(&bytes, wanted.data, wanted.len));
	buf_free(&wanted);
	buf_free(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned which = input_byte(&in);
	bool escapes = input_byte(&in) & 1;
	enum message_form form = which == 'j' ? MESSAGE_JSON
		: which == 'l'                ? MESSAGE_LINES
					      : MESSAGE_BYTES;
	struct buf written = { 0 };

	write_messages(form, escapes, &in, &written);
	if (form == MESSAGE_JSON)
		check_document(&written);
	else
		check_bytes(form, escapes, &in, &written);
	buf_free(&written);
	return 0;
}
