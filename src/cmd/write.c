/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write: fills shared memory, or a part of it, with the bytes of a file or of standard
 * input.  A file that does not fit is rejected before anything is changed.  Bytes from a
 * pipe are in the memory as soon as they arrive.
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
#include "report/explain.h"

struct options {
	struct opt_target target;
	struct opt_part part;
	const char *file; /* NULL for standard input */
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
	case ARGP_KEY_ARG:
		if (!opt_target_given(&opt->target))
			opt_target_add(&opt->target, arg, state);
		else if (opt->file == NULL)
			opt->file = arg;
		else
			opt_error(state,
				"unexpected operand '%s': only one file can be written",
				arg);
		return 0;
	case ARGP_KEY_END:
		opt_target_require(&opt->target, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_opt,
	.args_doc = "REF [FILE]",
	.doc = "Writes the bytes of FILE, or of standard input, into a shared memory "
	       "segment or a POSIX shared memory object.",
	.children =
		(const struct argp_child[]){
			{ &opt_part_argp, 0, NULL, 0 },
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* The state of one run. */
struct work {
	const struct options *opt;
	const struct target *target;
	const char *name; /* of the input, in messages */
	int fd;
	struct memory memory;
	uint64_t length; /* of the part to fill */
};

/* Whether the input has the right size, if that is known in advance, as for a file. */
static bool
file_fits(const struct work *w)
{
	bool exact = w->opt->part.has_length;
	uint64_t rest;

	/* Files in /proc have the size 0. */
	if (file_rest(w->fd, &rest) < 0 || rest == 0)
		return true;
	if (rest < w->length && exact)
		say("%s: %s has %" PRIu64 " bytes, but --length is %" PRIu64
		    "; nothing was written",
			w->target->text, w->name, rest, w->length);
	else if (rest > w->length && !exact)
		say("%s: %s has %" PRIu64 " bytes, and there is room for %" PRIu64
		    "; nothing was written",
			w->target->text, w->name, rest, w->length);
	else
		return true;
	return false;
}

static enum status
cannot_read_input(const struct work *w, uint64_t written, int error)
{
	if (error == EFAULT) {
		say("%s: cannot allocate the page at offset %" PRIu64
		    ": no memory is reserved for this segment (--no-reserve); %" PRIu64
		    " bytes were written",
			w->target->text, w->opt->part.offset + written, written);
		return STATUS_SOME;
	}
	say("cannot read %s: %s; %" PRIu64 " bytes were written", w->name,
		strerror(error), written);
	return STATUS_USAGE;
}

/* Reads into the object.  Pages are allocated only for bytes that are ready to be read.
 * Returns the number of bytes, less than the length at the end of the input, or after an
 * error: of the input with *error, of the object with the cause. */
static uint64_t
fill_memory(struct work *w, int *error, struct buf *cause)
{
	const struct memory_ops *memory = w->target->object.kind->memory;
	uint64_t written = 0;
	size_t chunk, ready, n, stored;

	file_widen(w->fd);
	do {
		uint64_t at = w->opt->part.offset + written;

		chunk = w->length - written < MEMORY_CHUNK ? w->length - written
							   : MEMORY_CHUNK;
		ready = file_ready(w->fd);
		if (ready > 0 && ready < chunk)
			chunk = ready;
		n = file_fill(w->fd, memory->room(&w->memory, at, chunk, ready > 0),
			chunk, error);
		stored = memory->put(&w->memory, at, n, cause);
		written += stored;
	} while (stored == chunk && written < w->length);
	return written;
}

/* Says what is wrong with a part that was written, unless all is well. */
static enum status
check_written(const struct work *w, uint64_t written)
{
	char more;
	int error;

	if (w->opt->part.has_length) {
		if (written == w->length)
			return STATUS_OK;
		say("%s: %s ended after %" PRIu64 " of %" PRIu64
		    " bytes (--length); these were written",
			w->target->text, w->name, written, w->length);
		return STATUS_SOME;
	}
	if (written < w->length || file_fill(w->fd, &more, 1, &error) == 0)
		return STATUS_OK;
	say("%s: %s has more than %" PRIu64 " bytes; %" PRIu64 " bytes were written",
		w->target->text, w->name, written, written);
	return STATUS_SOME;
}

static enum status
copy_in(struct work *w)
{
	struct buf cause = { 0 };
	enum status status = STATUS_SOME;
	int error;
	uint64_t written = fill_memory(w, &error, &cause);

	if (cause.len > 0)
		say("%s: %s; %" PRIu64 " bytes were written", w->target->text,
			buf_text(&cause), written);
	else if (error != 0)
		status = cannot_read_input(w, written, error);
	else
		status = check_written(w, written);
	buf_free(&cause);
	return status;
}

static enum status
write_to(struct work *w)
{
	const struct object *o = &w->target->object;
	struct buf why = { 0 };
	enum status status = STATUS_SOME;

	if (o->kind->memory->open(o, true, &w->memory, &why) < 0) {
		if (why.len == 0)
			explain_attach(o, 06, errno, &why);
		say("%s: %s", w->target->text, buf_text(&why));
	} else {
		if (opt_part_of(&w->opt->part, w->memory.size, &w->length, &why) < 0) {
			say("%s: %s", w->target->text, buf_text(&why));
		} else if (file_fits(w)) {
			status = copy_in(w);
		}
		o->kind->memory->close(&w->memory);
	}
	buf_free(&why);
	return status;
}

static enum status
open_and_write(const struct options *opt, const struct target *target)
{
	struct work w = {
		.opt = opt,
		.target = target,
		.name = "standard input",
		.fd = STDIN_FILENO,
	};

	if (opt->file != NULL && strcmp(opt->file, "-") != 0) {
		w.name = opt->file;
		w.fd = open(opt->file, O_RDONLY | O_CLOEXEC);
	}
	if (w.fd < 0) {
		say("cannot open %s: %s", w.name, strerror(errno));
		return STATUS_USAGE;
	}
	return write_to(&w);
}

static int
exec(int argc, char **argv)
{
	struct options opt = { .target = { OPERATION_WRITE, fits } };
	struct target target;
	enum status status;

	opt_parse(&argp, argc, argv, &opt);
	status = resolve_one(&opt.target, FACT(SIZE), false, &target);
	if (status == STATUS_OK)
		status = open_and_write(&opt, &target);
	opt_operands_free(&opt.target.operands);
	return status;
}

const struct cmd cmd_write = {
	.name = "write",
	.summary = "write the bytes of standard input into shared memory",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
