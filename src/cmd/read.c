/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * read: writes the bytes of shared memory, or of a part of it, to standard output.  On a
 * terminal, what could control it is escaped.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/part.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "cmd/resolve.h"
#include "kind/memory.h"
#include "lib/file.h"
#include "lib/message.h"
#include "lib/utf8.h"
#include "output/terminal.h"
#include "report/explain.h"

struct options {
	struct opt_target target;
	struct opt_part part;
	bool raw;
};

static const struct argp_option options[] = {
	{ "raw", OPT_RAW, NULL, 0,
		"Write control characters and other bytes that are not text as they are, "
		"also to a terminal",
		10 },
	{ 0 },
};

static bool
fits(const struct kind *kind)
{
	return kind->memory != NULL;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->part;
		return 0;
	case OPT_RAW:
		opt->raw = true;
		return 0;
	case ARGP_KEY_ARG:
		if (opt_target_given(&opt->target))
			opt_error(state,
				"unexpected operand '%s': only one object can be named",
				arg);
		opt_target_add(&opt->target, arg, state);
		return 0;
	case ARGP_KEY_END:
		opt_target_require(&opt->target, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "REF",
	.doc = "Writes the bytes of a shared memory segment, or of a POSIX shared memory "
	       "object, to standard output.",
	.children =
		(const struct argp_child[]){
			{ &opt_part_argp, 0, NULL, 0 },
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

enum { PIECE = 4096 }; /* bytes that are escaped at once; every pipe takes as many */

/* Escaping for a terminal. */
struct escaper {
	int in, out; /* of a pipe */
	char piece[PIECE + UTF8_BYTES_MAX];
	size_t length; /* bytes of the piece that were not written yet */
	struct buf text;
};

/* Writes the piece; if more follows, without a character that is cut short.  -1 with
 * errno. */
static int
write_piece(struct escaper *e, bool more)
{
	size_t n = utf8_show_contents(&e->text, e->piece, e->length, more);
	size_t length = e->text.len;

	e->length -= n;
	memmove(e->piece, e->piece + n, e->length);
	e->text.len = 0;
	return file_write(STDOUT_FILENO, e->text.data, length, NULL) == length ? 0 : -1;
}

/*
 * Writes bytes of the object escaped.  They go through a pipe first: a process may
 * change them between the check and the write, and a page without memory is an error of
 * write(2), but a signal to a program that reads it.  Returns the number of bytes: less
 * than len with errno.
 */
static size_t
write_escaped(struct escaper *e, const char *data, size_t len, bool more)
{
	size_t done = 0;

	while (done < len) {
		size_t size = len - done < PIECE ? len - done : PIECE;
		ssize_t n = write(e->in, data + done, size);
		int error = errno;

		if (n < 0) {
			if (write_piece(e, false) == 0)
				errno = error;
			return done;
		}
		if (file_fill(e->out, e->piece + e->length, n, &error) < (size_t)n) {
			errno = error;
			return done;
		}
		e->length += n;
		if (write_piece(e, more || done + n < len) < 0)
			return done;
		done += n;
	}
	return done;
}

/* Says why not all bytes could be written. */
static enum status
cut_short(const struct target *t, uint64_t offset, uint64_t written, struct buf *cause)
{
	if (cause->len == 0 && errno != EFAULT) {
		say("cannot write to standard output: %s", strerror(errno));
		return STATUS_USAGE;
	}
	if (cause->len == 0)
		buf_printf(cause,
			"cannot allocate the page at offset %" PRIu64
			": no memory is reserved for this segment (--no-reserve)",
			offset + written);
	say("%s: %s; %" PRIu64 " bytes were written", t->text, buf_text(cause), written);
	return STATUS_SOME;
}

/* Writes a part of the memory; escaped unless e is NULL. */
static enum status
copy_out(const struct target *t, struct memory *m, struct escaper *e, uint64_t offset,
	uint64_t length)
{
	const struct memory_ops *memory = t->object.kind->memory;
	enum status status = STATUS_OK;
	struct buf cause = { 0 };
	uint64_t written = 0;
	size_t chunk, n;
	const char *data;

	file_widen(STDOUT_FILENO);
	do {
		chunk = length - written < MEMORY_CHUNK ? length - written : MEMORY_CHUNK;
		data = memory->get(m, offset + written, &chunk, &cause);
		if (data == NULL)
			break;
		n = e != NULL ? write_escaped(e, data, chunk, written + chunk < length)
			      : file_write(STDOUT_FILENO, data, chunk, NULL);
		written += n;
	} while (n == chunk && written < length);
	if (data == NULL && e != NULL)
		write_piece(e, false);
	if (written < length)
		status = cut_short(t, offset, written, &cause);
	buf_free(&cause);
	return status;
}

static enum status
copy_escaped(const struct target *t, struct memory *m, uint64_t offset, uint64_t length)
{
	struct escaper e = { 0 };
	enum status status;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0) {
		say("cannot create a pipe: %s", strerror(errno));
		return STATUS_USAGE;
	}
	e.out = fds[0];
	e.in = fds[1];
	status = copy_out(t, m, &e, offset, length);
	close(e.in);
	close(e.out);
	buf_free(&e.text);
	return status;
}

static enum status
read_from(const struct options *opt, const struct target *t)
{
	const struct memory_ops *memory = t->object.kind->memory;
	struct buf why = { 0 };
	struct memory m;
	enum status status = STATUS_SOME;
	uint64_t length;

	if (memory->open(&t->object, false, &m, &why) < 0) {
		if (why.len == 0)
			explain_attach(&t->object, 04, errno, &why);
		say("%s: %s", t->text, buf_text(&why));
	} else {
		if (opt_part_of(&opt->part, m.size, &length, &why) < 0)
			say("%s: %s", t->text, buf_text(&why));
		else if (!opt->raw && terminal_is_output())
			status = copy_escaped(t, &m, opt->part.offset, length);
		else
			status = copy_out(t, &m, NULL, opt->part.offset, length);
		memory->close(&m);
	}
	buf_free(&why);
	return status;
}

static int
exec(int argc, char **argv)
{
	struct options opt = { .target = { OPERATION_READ, fits } };
	struct target target;
	enum status status;

	opt_parse(&argp, argc, argv, &opt);
	status = resolve_one(&opt.target, FACT(SIZE), true, &target);
	if (status == STATUS_OK)
		status = read_from(&opt, &target);
	opt_operands_free(&opt.target.operands);
	return status;
}

const struct cmd cmd_read = {
	.name = "read",
	.summary = "write the bytes of shared memory to standard output",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
