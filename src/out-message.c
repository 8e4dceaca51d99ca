/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out-message.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base64.h"
#include "file.h"
#include "utf8.h"

static const struct column mtype = { "mtype", VALUE_NUMBER };
static const struct column size_column = { "size", VALUE_NUMBER };
static const struct column encoding = { "encoding", VALUE_TEXT };
static const struct column content_column = { "content", VALUE_TEXT };
static const struct column *const columns[] = { &mtype, &size_column, &encoding,
	&content_column };

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

static void
sink(struct out *out, const char *text, size_t len)
{
	write_text((struct message_output *)out, text, len);
}

static int
result(const struct message_output *m)
{
	return m->error == 0 ? 0 : -1;
}

int
message_output_begin(struct message_output *m)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY)
		m->error = EBADF;
	if (m->form != MESSAGE_JSON)
		return result(m);
	m->out = (struct out){
		.writer = &writer_json,
		.title = "messages",
		.columns = columns,
		.columns_count = sizeof columns / sizeof columns[0],
		.sink = sink,
	};
	out_begin(&m->out);
	out_drain_all(&m->out);
	return result(m);
}

int
message_output_check(struct message_output *m)
{
	struct pollfd fd = { STDOUT_FILENO, 0, 0 };

	/* A pipe that nobody reads any more. */
	if (m->error == 0 && poll(&fd, 1, 0) > 0 && (fd.revents & (POLLERR | POLLHUP)))
		m->error = EPIPE;
	return result(m);
}

/* Whether the bytes can stand in a string for programs of every kind. */
static bool
is_text(const char *text, size_t len)
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

static void
put_row(struct message_output *m, long type, const char *content, size_t size)
{
	bool text = is_text(content, size);

	m->text.len = 0;
	if (text)
		buf_add(&m->text, content, size);
	else
		base64_add(&m->text, content, size);
	out_row(&m->out,
		(struct value[]){
			{ .type = VALUE_NUMBER, .number = type },
			{ .type = VALUE_NUMBER, .number = size },
			{ .type = VALUE_TEXT, .text = text ? "utf-8" : "base64" },
			{ .type = VALUE_TEXT, .text = buf_text(&m->text) },
		});
	out_drain_all(&m->out);
}

int
message_output_put(struct message_output *m, long type, const char *content, size_t size)
{
	m->written = 0;
	switch (m->form) {
	case MESSAGE_BYTES:
		write_text(m, content, size);
		break;
	case MESSAGE_LINES:
		/* Nothing is copied: with a message in hand memory must not run out. */
		write_text(m, content, size);
		write_text(m, "\n", 1);
		break;
	case MESSAGE_JSON:
		put_row(m, type, content, size);
		break;
	}
	return result(m);
}

int
message_output_end(struct message_output *m)
{
	if (m->form == MESSAGE_JSON)
		out_end(&m->out);
	buf_free(&m->text);
	return result(m);
}
