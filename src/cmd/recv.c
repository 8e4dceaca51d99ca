/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recv: takes messages out of a queue, or peeks at them, and writes their bytes.  After a
 * message was taken only this process has it.  Therefore signals wait until it is
 * written, and a message that cannot be written is sent back to the queue.
 */

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "cmd/give-back.h"
#include "cmd/resolve.h"
#include "kind/access.h"
#include "kind/queue-peek.h"
#include "lib/message.h"
#include "lib/num.h"
#include "lib/wait.h"
#include "lib/xalloc.h"
#include "output/message-json.h"
#include "output/terminal.h"
#include "report/explain.h"

struct options {
	struct opt_target target;
	struct message_choice choice;
	uint64_t timeout;
	uint64_t count; /* 0 if not given */
	enum message_form form;
	bool timed;
	bool all;
	bool peek;
	bool raw;
	bool chooses; /* --mtype or --except was given */
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Choosing messages:", 1 },
	{ "mtype", OPT_MTYPE, "N", 0,
		"For msg: the first message of type N; with -N the first of the lowest "
		"type up to N; with 0, the default, the first of all",
		0 },
	{ "except", OPT_EXCEPT, NULL, 0,
		"For msg: the first message that is not of type N", 0 },
	{ "count", OPT_COUNT, "N", 0, "N messages, one after the other", 0 },
	{ "all", OPT_ALL, NULL, 0, "As many as there are now; does not wait", 0 },
	{ NULL, 0, NULL, 0, "Taking them:", 10 },
	{ "timeout", OPT_TIMEOUT, "DURATION", 0,
		"Wait at most this long for each message; 0 does not wait", 0 },
	{ "peek", OPT_PEEK, NULL, 0,
		"For msg: leave the messages in the queue; does not wait", 0 },
	{ NULL, 0, NULL, 0, "Output:", 20 },
	{ "lines", OPT_LINES, NULL, 0, "Print a newline after each message", 0 },
	{ "raw", OPT_RAW, NULL, 0,
		"Write control characters and other bytes that are not text as they are, "
		"also to a terminal",
		0 },
	{ "json", 'J', NULL, 0,
		"Print JSON: mtype or prio, size and content, as text where it is UTF-8, "
		"else in base64",
		0 },
	{ 0 },
};

static bool
fits(const struct kind *kind)
{
	return kind->queue != NULL;
}

static void
parse_type(struct options *opt, const char *arg, const struct argp_state *state)
{
	bool negative = arg[0] == '-';
	uint64_t n;

	if (num_range(arg + negative, negative, LONG_MAX, &n) < 0)
		opt_error(state,
			"--mtype: invalid message type '%s': expected a number from %ld "
			"to %ld",
			arg, -LONG_MAX, LONG_MAX);
	opt->choice.type = negative ? -(long)n : (long)n;
}

static void
set_form(struct options *opt, enum message_form form, const struct argp_state *state)
{
	if (opt->form != MESSAGE_BYTES && opt->form != form)
		opt_error(state, "--lines and --json exclude each other");
	opt->form = form;
}

/* Checks whether messages of this kind can be chosen, and shown. */
static void
check_recv_kind(const struct options *opt, const struct argp_state *state)
{
	const struct operand *operand = &opt->target.operands.list[0];
	const struct queue_ops *queue = operand->ref.kind->queue;
	struct buf others = { 0 };

	if (opt->peek && queue->no_peek != NULL)
		opt_error(state, "%s: --peek is not possible: %s", operand->text,
			queue->no_peek);
	if (!opt->chooses || queue->order == NULL)
		return;
	numbering_put_kinds(NUMBERING_MTYPE, &others);
	opt_error(state, "%s: --%s applies to %s only; recv %s", operand->text,
		opt->choice.except ? "except" : numbering_names[NUMBERING_MTYPE],
		buf_text(&others), queue->order);
}

static void
check_recv_options(const struct options *opt, const struct argp_state *state)
{
	opt_target_require(&opt->target, state);
	check_recv_kind(opt, state);
	if (opt->raw && opt->form == MESSAGE_JSON)
		opt_error(state, "--raw and --json exclude each other");
	if (opt->choice.except && opt->choice.type <= 0)
		opt_error(state, "--except needs --mtype with a type above 0");
	if (opt->all && opt->count != 0)
		opt_error(state, "--all and --count exclude each other");
	if (opt->timed && (opt->all || opt->peek))
		opt_error(state,
			"--%s and --timeout exclude each other: --%s does not wait",
			opt->all ? "all" : "peek", opt->all ? "all" : "peek");
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case OPT_MTYPE:
		opt->chooses = true;
		parse_type(opt, arg, state);
		return 0;
	case OPT_EXCEPT:
		opt->chooses = true;
		opt->choice.except = true;
		return 0;
	case OPT_COUNT:
		if (num_range(arg, 1, UINT64_MAX, &opt->count) < 0)
			opt_error(state,
				"--count: invalid number '%s': expected a number from 1 "
				"to 18446744073709551615",
				arg);
		return 0;
	case OPT_ALL:
		opt->all = true;
		return 0;
	case OPT_TIMEOUT:
		opt->timed = true;
		opt->timeout = opt_arg_span("--timeout", arg, state);
		return 0;
	case OPT_PEEK:
		opt->peek = true;
		return 0;
	case OPT_RAW:
		opt->raw = true;
		return 0;
	case OPT_LINES:
		set_form(opt, MESSAGE_LINES, state);
		return 0;
	case 'J':
		set_form(opt, MESSAGE_JSON, state);
		return 0;
	case ARGP_KEY_ARG:
		if (opt_target_given(&opt->target))
			opt_error(state,
				"unexpected operand '%s': only one queue can be named",
				arg);
		opt_target_add(&opt->target, arg, state);
		return 0;
	case ARGP_KEY_END:
		check_recv_options(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "REF",
	.doc = "Takes a message out of a queue, waiting for it if there is none, and "
	       "writes its bytes to standard output.",
	.children =
		(const struct argp_child[]){
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* The state of one run. */
struct work {
	const struct options *opt;
	const struct target *target;
	struct queue queue;
	struct message_output output;
	uint64_t wanted; /* number of messages */
	uint64_t done;
	struct taken taken;
	int signo; /* the signal that ends the program, or 0 */
};

/* After a second signal, no reader is expected for the message. */
static bool
is_insisting(void)
{
	return wait_signals() > 1;
}

/* A message that stays in the queue cannot be lost. */
static bool
is_signalled(void)
{
	return wait_signals() > 0;
}

static int
put(struct work *w, const struct message *m)
{
	return message_output_put(
		&w->output, message_number(m), message_text(m), message_size(m));
}

static int
show_message(const struct message *m, void *data)
{
	return put(data, m);
}

static enum status
output_failed(struct work *w)
{
	w->signo = wait_signal();
	if (w->output.error != EINTR)
		say("cannot write to standard output: %s", strerror(w->output.error));
	return STATUS_USAGE;
}

/* Reports that there is no message, or no further one. */
static enum status
nothing_there(struct work *w)
{
	struct buf why = { 0 };
	const char *joint = "";

	if (w->opt->all) {
		w->wanted = w->done;
		return STATUS_OK;
	}
	if (!w->opt->peek) {
		wait_put_end(w->opt->timeout, &why);
		joint = ": ";
	}
	if (w->done > 0)
		buf_printf(&why, "%sonly %" PRIu64 " of %" PRIu64 " messages were %s",
			joint, w->done, w->wanted, w->opt->peek ? "shown" : "received");
	else if (w->opt->choice.type != 0)
		buf_printf(&why, "%sthe queue holds no such message", joint);
	else if (w->opt->timeout == 0)
		buf_printf(&why, "%sthe queue is empty", joint);
	say("%s: %s", w->target->text, buf_text(&why));
	buf_free(&why);
	return STATUS_BLOCKED;
}

static enum status
receive_failed(struct work *w, int error)
{
	struct buf why = { 0 };

	if (error == EAGAIN)
		return nothing_there(w);
	w->signo = error == EINTR ? wait_signal() : 0;
	if (w->signo != 0)
		return STATUS_SOME;
	if (error == ENOMEM) {
		say("%s: out of memory for the next message, which stays in the queue",
			w->target->text);
		return STATUS_USAGE;
	}
	if (w->opt->peek && error == ENOSYS)
		buf_str(&why,
			"this kernel cannot show messages without taking them: it was "
			"built without MSG_COPY (CONFIG_CHECKPOINT_RESTORE)");
	else if (w->opt->peek && error == E2BIG)
		buf_printf(&why,
			"a message is larger than the %" PRIu64
			" bytes that the kernel copies; raise sysctl kernel.msgmax to "
			"look at it",
			w->target->object.kind->queue->largest(&w->queue));
	else
		explain_use(&w->target->object, 04, error, &why);
	say("%s: %s", w->target->text, buf_text(&why));
	buf_free(&why);
	return STATUS_SOME;
}

/* Writes a message that was taken, or sends it back. */
static enum status
hand_on_message(struct work *w, const struct message *m)
{
	enum status status = STATUS_OK;

	w->taken.message = m;
	if (put(w, m) == 0) {
		w->done++;
	} else {
		status = output_failed(w);
		if (w->output.written > 0)
			say("%s: %zu bytes of the message were written before that",
				w->target->text, w->output.written);
		give_back(&w->taken, &w->signo);
	}
	w->taken.message = NULL;
	return status;
}

static enum status
take_messages(struct work *w)
{
	const struct queue_ops *queue = w->target->object.kind->queue;
	struct message m = { 0 };
	enum status status = STATUS_OK;

	while (w->done < w->wanted && status == STATUS_OK) {
		if (message_output_check(&w->output) < 0)
			status = output_failed(w);
		else if (queue->receive(&w->queue, &w->opt->choice, w->opt->timeout, &m) <
			0)
			status = receive_failed(w, errno);
		else
			status = hand_on_message(w, &m);
	}
	buf_free(&m.raw);
	return status;
}

static enum status
look(struct work *w)
{
	if (peek_messages(
		    &w->queue, &w->opt->choice, w->wanted, show_message, w, &w->done) < 0)
		return errno == ECANCELED ? output_failed(w) : receive_failed(w, errno);
	return w->done < w->wanted ? nothing_there(w) : STATUS_OK;
}

static enum status
receive_from(const struct options *opt, const struct target *target)
{
	struct work w = {
		.opt = opt,
		.target = target,
		.taken = { target, &w.queue, NULL },
		.output = { .form = opt->form,
			.number = numbering_names[target->object.kind->queue->numbering],
			.escapes = !opt->raw && opt->form != MESSAGE_JSON &&
				terminal_is_output(),
			.give_up = opt->peek ? is_signalled : is_insisting },
		.wanted = opt->all        ? target->object.fact[FACT_QNUM]
			: opt->count != 0 ? opt->count
					  : 1,
	};
	struct buf why = { 0 };
	enum status status;

	if (queue_open(&w.queue, &target->object, 04, &why) < 0) {
		say("%s: %s", target->text, buf_text(&why));
		buf_free(&why);
		return STATUS_SOME;
	}
	/* An empty queue that is not opened gets no call, so missing permission would go
	 * unnoticed. */
	if (w.wanted == 0 && w.queue.fd < 0 && !access_is_allowed(&target->object, 04))
		return receive_failed(&w, EACCES);
	if (wait_catch_signals() < 0) {
		say("cannot start a timer: %s", strerror(errno));
		return STATUS_USAGE;
	}
	xalloc_at_failure(give_back_at_once, &w.taken);
	if (message_output_begin(&w.output) < 0)
		status = output_failed(&w);
	else
		status = opt->peek ? look(&w) : take_messages(&w);
	if (w.output.error != 0)
		message_output_end(&w.output);
	else if (message_output_end(&w.output) < 0)
		status = output_failed(&w);
	xalloc_at_failure(NULL, NULL);
	queue_close(&w.queue);
	/* Also a signal that arrived while the last message was written, which it did not
	 * interrupt. */
	if (w.signo == 0)
		w.signo = wait_signal();
	return w.signo != 0 ? (enum status)wait_die(w.signo) : status;
}

static int
exec(int argc, char **argv)
{
	struct options opt = { .target = { OPERATION_RECV, fits },
		.timeout = WAIT_FOREVER };
	struct target target;
	enum status status;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.all || opt.peek)
		opt.timeout = 0;
	status = resolve_one(&opt.target, FACT(QNUM), false, &target);
	if (status == STATUS_OK)
		status = receive_from(&opt, &target);
	opt_operands_free(&opt.target.operands);
	return status;
}

const struct cmd cmd_recv = {
	.name = "recv",
	.summary = "take messages out of a queue, or look at them",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
