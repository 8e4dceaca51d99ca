/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output/message-json.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base64.h"
#include "lib/file.h"
#include "lib/utf8.h"
#include "output/json.h"

enum {
	PIECE = 3 *
		4096, /* bytes of content encoded at once; base64 encodes groups of 3 */
	FRAME = 256, /* more bytes than surround the content */
	ROOM = PIECE * JSON_BYTES_MAX + FRAME,
};
static_assert((int)JSON_BYTES_MAX >= (int)UTF8_SHOWN_MAX, "escaped content has room");

static void
write_text(struct message_output *m, const char *text, size_t len)
{
	size_t n;

	if (m->error != 0)
		return;
	n = file_write(STDOUT_FILENO, text, len, m->give_up);
	m->written += n;
	if (n < len)
		m->error = errno;
}

/* Writes the collected text if it is longer than this many bytes. */
static void
flush(struct message_output *m, size_t above)
{
	if (m->text.len <= above)
		return;
	write_text(m, m->text.data, m->text.len);
	m->text.len = 0;
}

static int
result(const struct message_output *m)
{
	return m->error == 0 ? 0 : -1;
}

/* Whether another process, or a person, reads what is written, and may go away. */
static bool
has_reader(void)
{
	struct stat st;

	return fstat(STDOUT_FILENO, &st) < 0 || S_ISFIFO(st.st_mode) ||
		S_ISSOCK(st.st_mode) || isatty(STDOUT_FILENO);
}

int
message_output_begin(struct message_output *m)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY)
		m->error = EBADF;
	m->has_reader = has_reader();
	if (m->form == MESSAGE_BYTES && !m->escapes)
		return result(m);
	/* Allocates all memory that a message will need, and what the first decoding
	 * allocates. */
	buf_grow(&m->text, ROOM);
	utf8_next("\303\244", 2, &(long){ 0 });
	if (m->form != MESSAGE_JSON)
		return result(m);
	buf_str(&m->text, "{\"schema\": ");
	buf_number(&m->text, JSON_SCHEMA);
	buf_str(&m->text, ", \"messages\": [");
	flush(m, 0);
	return result(m);
}

int
message_output_check(struct message_output *m)
{
	struct pollfd fd = { STDOUT_FILENO, 0, 0 };
	int ready;

	if (m->error != 0 || !m->has_reader)
		return result(m);
	ready = poll(&fd, 1, 0);
	/* Fails if the pipe has no reader, or if poll(2) fails, so that no message is
	 * taken. */
	if (ready > 0 && (fd.revents & (POLLERR | POLLHUP)))
		m->error = EPIPE;
	else if (ready < 0 && errno != EINTR)
		m->error = errno;
	return result(m);
}

/* Whether the bytes can be a JSON string that every program can read. */
static bool
is_text_message(const char *text, size_t len)
{
	size_t n;

	for (; len > 0; text += n, len -= n) {
		long character;

		n = utf8_next(text, len, &character);
		if (character <= 0)
			return false;
	}
	return true;
}

/* The length of the longest piece at the start of text that ends at a character
 * boundary. */
static size_t
text_piece(const char *text, size_t len)
{
	size_t n = PIECE;

	if (len <= PIECE)
		return len;
	while ((text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Encodes and writes piece by piece, because nothing may be allocated after a message was
 * taken. */
static void
put_json(struct message_output *m, long number, const char *content, size_t size)
{
	bool text = is_text_message(content, size);
	struct buf *b = &m->text;

	buf_str(b, m->rows++ == 0 ? "\n{\"" : ",\n{\"");
	buf_str(b, m->number);
	buf_str(b, "\": ");
	buf_number(b, number);
	buf_str(b, ", \"size\": ");
	buf_number(b, size);
	buf_str(b, ", \"encoding\": ");
	buf_str(b, text ? "\"utf-8\", \"content\": \"" : "\"base64\", \"content\": \"");
	for (size_t n; size > 0; content += n, size -= n) {
		flush(m, FRAME / 2);
		if (text) {
			n = text_piece(content, size);
			json_characters(b, content, n);
		} else {
			n = size < PIECE ? size : PIECE;
			base64_add(b, content, n);
		}
	}
	buf_str(b, "\"}");
	flush(m, 0);
}

/* Writes the content, in pieces too if it is escaped. */
static void
put_content(struct message_output *m, const char *content, size_t size)
{
	if (!m->escapes) {
		write_text(m, content, size);
		return;
	}
	for (size_t n; size > 0; content += n, size -= n) {
		n = size < PIECE ? size : PIECE;
		n = utf8_show_contents(&m->text, content, n, n < size);
		flush(m, 0);
	}
}

/* Writes the content and a newline: with one call if they fit in the room that was
 * allocated before, because memory must not run out after a message was taken. */
static void
put_with_newline(struct message_output *m, const char *content, size_t size)
{
	if (!m->escapes && size < PIECE) {
		buf_add(&m->text, content, size);
		buf_char(&m->text, '\n');
		flush(m, 0);
		return;
	}
	put_content(m, content, size);
	write_text(m, "\n", 1);
}

int
message_output_put(
	struct message_output *m, long number, const char *content, size_t size)
{
	m->written = 0;
	switch (m->form) {
	case MESSAGE_BYTES:
		put_content(m, content, size);
		break;
	case MESSAGE_LINES:
		put_with_newline(m, content, size);
		break;
	case MESSAGE_JSON:
		put_json(m, number, content, size);
		break;
	}
	return result(m);
}

int
message_output_end(struct message_output *m)
{
	if (m->form == MESSAGE_JSON) {
		buf_str(&m->text, m->rows == 0 ? "]}\n" : "\n]}\n");
		flush(m, 0);
	}
	buf_free(&m->text);
	return result(m);
}
