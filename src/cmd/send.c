/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * send: sends one message, the bytes of a file or of standard input, or one message for
 * each line.  A single message is read to its end and measured before it is sent; lines
 * are sent as they arrive.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "cmd/resolve.h"
#include "kind/queue.h"
#include "lib/file.h"
#include "lib/message.h"
#include "lib/num.h"
#include "lib/wait.h"
#include "report/explain.h"

struct options {
	struct opt_target target;
	const char *file; /* NULL for standard input */
	uint64_t numbers[NUMBERING_COUNT];
	bool given[NUMBERING_COUNT];
	long number; /* of the messages */
	uint64_t timeout;
	bool lines;
};

static const struct argp_option options[] = {
	{ "mtype", OPT_MTYPE, "N", 0,
		"For msg: type of the message, above 0; the default is 1", 0 },
	{ "prio", OPT_PRIO, "N", 0,
		"For pmsg: priority of the message, 0 to 32767; the default is 0", 0 },
	{ "timeout", OPT_TIMEOUT, "DURATION", 0,
		"Wait at most this long for room in the queue, for each message; 0 does "
		"not wait",
		0 },
	{ "lines", OPT_LINES, NULL, 0, "Send each line as a message, without its newline",
		0 },
	{ 0 },
};

static bool
fits(const struct kind *kind)
{
	return kind->queue != NULL;
}

/* Takes the number that the messages of this kind have, and no other. */
static void
finish_send_options(struct options *opt, const struct argp_state *state)
{
	const struct operand *operand = &opt->target.operands.list[0];
	const struct queue_ops *queue = operand->ref.kind->queue;
	uint64_t number = opt->numbers[queue->numbering];
	struct buf others = { 0 };

	for (enum numbering i = 0; i < NUMBERING_COUNT; i++) {
		if (!opt->given[i] || i == queue->numbering)
			continue;
		numbering_put_kinds(i, &others);
		opt_error(state, "%s: --%s applies to %s only; use --%s", operand->text,
			numbering_names[i], buf_text(&others),
			numbering_names[queue->numbering]);
	}
	if (!opt->given[queue->numbering])
		number = (uint64_t)queue->usual;
	if (number > (uint64_t)queue->highest)
		opt_error(state,
			"%s: priority %" PRIu64 " is too large, the maximum is %ld",
			operand->text, number, queue->highest);
	opt->number = (long)number;
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case OPT_MTYPE:
		if (num_range(arg, 1, LONG_MAX, &opt->numbers[NUMBERING_MTYPE]) < 0)
			opt_error(state,
				"--mtype: invalid message type '%s': expected a number "
				"from 1 to %ld",
				arg, LONG_MAX);
		opt->given[NUMBERING_MTYPE] = true;
		return 0;
	case OPT_PRIO:
		if (num_range(arg, 0, UINT64_MAX, &opt->numbers[NUMBERING_PRIO]) < 0)
			opt_error(state,
				"--prio: invalid priority '%s': expected a number from 0 "
				"to %d",
				arg, MESSAGE_PRIO_MAX);
		opt->given[NUMBERING_PRIO] = true;
		return 0;
	case OPT_TIMEOUT:
		opt->timeout = opt_arg_span("--timeout", arg, state);
		return 0;
	case OPT_LINES:
		opt->lines = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!opt_target_given(&opt->target))
			opt_target_add(&opt->target, arg, state);
		else if (opt->file == NULL)
			opt->file = arg;
		else
			opt_error(state,
				"unexpected operand '%s': only one file can be sent",
				arg);
		return 0;
	case ARGP_KEY_END:
		opt_target_require(&opt->target, state);
		finish_send_options(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "REF [FILE]",
	.doc = "Sends the bytes of FILE, or of standard input, as one message to a "
	       "queue.",
	.children =
		(const struct argp_child[]){
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* How many bytes of a message that is too large are counted, because it may never end. */
enum { COUNTED = 1 << 26 };

/* The state of one run. */
struct work {
	const struct options *opt;
	const struct target *target;
	struct queue queue;
	uint64_t most; /* maximum bytes of a message */
	int fd; /* to read from */
	struct message message;
	uint64_t size; /* of the message, with the bytes that were dropped because it
			* is too large */
	bool more; /* there are more bytes than that */
	uint64_t sent;
};

/* The name of the file in messages. */
static const char *
input_name(const struct options *opt)
{
	return opt->file == NULL || strcmp(opt->file, "-") == 0 ? "standard input"
								: opt->file;
}

/* Appends "3 messages were sent". */
static void
put_sent(const struct work *w, struct buf *text)
{
	buf_printf(text, "%" PRIu64 " %s sent", w->sent,
		w->sent == 1 ? "message was" : "messages were");
}

/* Says why the current message was not sent, and for lines how many were. */
static enum status
fail(const struct work *w, enum status status, const char *why)
{
	struct buf text = { 0 };

	if (w->opt->lines) {
		buf_printf(&text, "line %" PRIu64 ": %s; ", w->sent + 1, why);
		put_sent(w, &text);
	} else {
		buf_str(&text, why);
	}
	say("%s: %s", w->target->text, buf_text(&text));
	buf_free(&text);
	return status;
}

static enum status
interrupted(const struct work *w)
{
	struct buf text = { 0 };

	if (w->opt->lines) {
		put_sent(w, &text);
		say("%s: interrupted; %s", w->target->text, buf_text(&text));
		buf_free(&text);
	}
	return (enum status)wait_die(wait_signal());
}

static enum status
cannot_read_message(const struct work *w, int error)
{
	struct buf sent = { 0 };

	if (w->opt->lines) {
		buf_str(&sent, "; ");
		put_sent(w, &sent);
	}
	say("cannot read %s: %s%s%s", input_name(w->opt), strerror(error),
		error == ENOENT
			? "; without FILE, the message is read from standard input"
			: "",
		buf_text(&sent));
	buf_free(&sent);
	return STATUS_USAGE;
}

/* Explains why a message was not sent, by the errno.  The status. */
static enum status
explain_failure(const struct work *w, int error, struct buf *why)
{
	const struct object *o = &w->target->object;

	if (error != EAGAIN) {
		/* The limit may have been lowered since it was read. */
		if (error != EINVAL || !explain_message(&w->queue, w->size, w->more, why))
			explain_use(o, 02, error, why);
		return STATUS_SOME;
	}
	wait_put_end(w->opt->timeout, why);
	if (w->opt->timeout == 0)
		buf_str(why, ": the queue is full");
	return STATUS_BLOCKED;
}

/* Sends the current message. */
static enum status
send_it(struct work *w)
{
	const struct queue_ops *queue = w->target->object.kind->queue;
	struct buf why = { 0 };
	enum status status = STATUS_SOME;

	/* The limit is read once, and again only for a message that exceeds it. */
	if (w->size <= w->most || !explain_message(&w->queue, w->size, w->more, &why)) {
		if (queue->send(&w->queue, &w->message, w->opt->timeout) == 0) {
			w->sent++;
			return STATUS_OK;
		}
		if (errno == EINTR)
			return interrupted(w);
		status = explain_failure(w, errno, &why);
	}
	fail(w, status, buf_text(&why));
	buf_free(&why);
	return status;
}

/* Reads the input to its end, and keeps one byte more than a message may have.  The rest
 * may never end, so only some of it is counted. */
static enum status
read_all(struct work *w)
{
	struct buf *raw = &w->message.raw;
	char rest[4096];
	size_t n, asked;
	int error;

	message_begin(&w->message, w->opt->number);
	if (file_rest(w->fd, &w->size) == 0 && w->size > w->most)
		return STATUS_OK;
	w->size = 0;
	do {
		bool kept = w->size <= w->most;

		asked = kept ? 65536 : sizeof rest;
		if (kept)
			buf_grow(raw, asked);
		n = file_fill(w->fd, kept ? raw->data + raw->len : rest, asked, &error);
		if (error != 0)
			return cannot_read_message(w, error);
		raw->len += kept ? n : 0;
		w->size += n;
		w->more = w->size > w->most && w->size >= COUNTED;
	} while (n == asked && !w->more);
	return STATUS_OK;
}

static enum status
send_all(struct work *w)
{
	enum status status = read_all(w);

	if (status != STATUS_OK)
		return status;
	if (wait_catch_signals() < 0) {
		say("cannot start a timer: %s", strerror(errno));
		return STATUS_USAGE;
	}
	return send_it(w);
}

/* The next byte of the input, which need not block; EOF at its end or after an error. */
static int
next_byte(FILE *input)
{
	int c;

	while ((c = getc_unlocked(input)) == EOF && ferror(input) && errno == EAGAIN &&
		wait_signal() == 0) {
		clearerr(input);
		file_ready(fileno(input));
	}
	return c;
}

/* Reads a line into the current message.  1, 0 at the end, -1 with errno. */
static int
read_line(struct work *w, FILE *input)
{
	int c = 0;

	message_begin(&w->message, w->opt->number);
	w->size = 0;
	while (!w->more && (c = next_byte(input)) != EOF && c != '\n') {
		if (w->size++ <= w->most)
			buf_char(&w->message.raw, (char)c);
		w->more = w->size > w->most && w->size >= COUNTED;
	}
	if (ferror(input))
		return -1;
	return c == '\n' || w->size > 0;
}

static enum status
send_lines(struct work *w)
{
	FILE *input = fdopen(w->fd, "r");
	enum status status = STATUS_OK;
	int rc = 1;

	if (input == NULL || wait_catch_signals() < 0) {
		say("cannot start reading lines: %s", strerror(errno));
		return STATUS_USAGE;
	}
	/* A signal that arrived during sending does not interrupt reading. */
	while (status == STATUS_OK && wait_signal() == 0 &&
		(rc = read_line(w, input)) > 0)
		status = send_it(w);
	if (status != STATUS_OK || rc == 0)
		return status;
	return wait_signal() != 0 ? interrupted(w) : cannot_read_message(w, errno);
}

static enum status
send_to(const struct options *opt, const struct target *target)
{
	struct work w = {
		.opt = opt,
		.target = target,
		.fd = STDIN_FILENO,
	};
	struct buf why = { 0 };
	enum status status;

	if (queue_open(&w.queue, &target->object, 02, &why) < 0) {
		say("%s: %s", target->text, buf_text(&why));
		buf_free(&why);
		return STATUS_SOME;
	}
	w.most = queue_most(&w.queue);
	if (opt->file != NULL && strcmp(opt->file, "-") != 0)
		w.fd = open(opt->file, O_RDONLY | O_CLOEXEC);
	if (w.fd < 0)
		return cannot_read_message(&w, errno);
	status = opt->lines ? send_lines(&w) : send_all(&w);
	buf_free(&w.message.raw);
	queue_close(&w.queue);
	return status;
}

static int
exec(int argc, char **argv)
{
	struct options opt = {
		.target = { OPERATION_SEND, fits },
		.timeout = WAIT_FOREVER,
	};
	struct target target;
	enum status status;

	opt_parse(&argp, argc, argv, &opt);
	status = resolve_one(&opt.target, FACT(QBYTES), false, &target);
	if (status == STATUS_OK)
		status = send_to(&opt, &target);
	opt_operands_free(&opt.target.operands);
	return status;
}

const struct cmd cmd_send = {
	.name = "send",
	.summary = "send a message to a queue",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
