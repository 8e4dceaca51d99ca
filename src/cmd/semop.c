/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * semop: performs operations on the semaphores of a set in one atomic call, or one
 * operation on a POSIX named semaphore.  With a command, the kernel undoes the operations
 * when this process ends, and the process becomes the command.  So it is a lock around
 * the command, which is released however the command ends.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/target.h"
#include "cmd/cmd.h"
#include "cmd/resolve.h"
#include "kind/set.h"
#include "lib/array.h"
#include "lib/message.h"
#include "lib/num.h"
#include "lib/wait.h"
#include "lib/write-error.h"
#include "lib/xalloc.h"
#include "report/explain.h"

/* The statuses of shells and env(1). */
enum {
	STATUS_NOT_RUN = 126,
	STATUS_NOT_FOUND = 127,
};

struct options {
	struct opt_target target;
	struct sem_change *changes;
	size_t count;
	uint64_t timeout;
	uint64_t blocked; /* exit status */
	bool has_blocked; /* it was given */
	char **command; /* or NULL */
};

static const struct argp_option options[] = {
	{ "timeout", OPT_TIMEOUT, "DURATION", 0,
		"Wait at most this long; 0 does not wait", 0 },
	{ "conflict-exit-code", 'E', "N", 0,
		"Exit with N instead of 3 if it would block or times out", 0 },
	{ 0 },
};

static bool
fits(const struct kind *kind)
{
	return kind->set != NULL || kind->semaphore != NULL;
}

/* The kind of the object, which is the first operand. */
static const struct kind *
kind_of_target(const struct options *opt)
{
	return opt->target.operands.list[0].ref.kind;
}

static void
add_change(struct options *opt, const char *text, const struct argp_state *state)
{
	struct buf cause = { 0 };
	const struct semaphore_ops *one = kind_of_target(opt)->semaphore;
	struct sem_change change;

	if (one != NULL && one->parse(text, &change, &cause) < 0)
		opt_error(state, "%s: %s", opt->target.operands.list[0].text,
			buf_text(&cause));
	if (one == NULL && sem_change_parse(text, &change, &cause) < 0)
		opt_error(state, "invalid operation '%s': %s%s", text, buf_text(&cause),
			*text >= '0' && *text <= '9' ? ""
						     : " (a command to run follows --)");
	opt->changes = xgrow(opt->changes, opt->count, sizeof *opt->changes);
	opt->changes[opt->count++] = change;
}

/* Rejects what an object that is one semaphore cannot do. */
static void
check_one(const struct options *opt, const struct argp_state *state)
{
	const char *text = opt->target.operands.list[0].text;

	if (kind_of_target(opt)->semaphore == NULL)
		return;
	if (opt->command != NULL || opt->has_blocked)
		opt_error(state, "%s: %s is not possible: a POSIX semaphore has no undo",
			text, opt->command != NULL ? "COMMAND" : "-E");
	if (opt->count > 1)
		opt_error(state,
			"%s: only one operation is possible; several would not be atomic",
			text);
}

static void
add_operand(struct options *opt, char *arg, struct argp_state *state)
{
	if (state->quoted != 0 && state->next > state->quoted) {
		/* The words from here on belong to the command. */
		opt->command = state->argv + state->next - 1;
		state->next = state->argc;
	} else if (!opt_target_given(&opt->target)) {
		opt_target_add(&opt->target, arg, state);
	} else {
		add_change(opt, arg, state);
	}
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case OPT_TIMEOUT:
		opt->timeout = opt_arg_span("--timeout", arg, state);
		return 0;
	case 'E':
		opt->has_blocked = true;
		if (num_range(arg, 0, 255, &opt->blocked) < 0)
			opt_error(state,
				"-E: invalid exit status '%s': expected a number from 0 "
				"to 255",
				arg);
		return 0;
	case ARGP_KEY_ARG:
		add_operand(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		opt_target_require(&opt->target, state);
		if (opt->count == 0)
			opt_error(state, "no operation is given; expected for example %s",
				kind_of_target(opt)->semaphore != NULL
					? "0-1 or 0+1"
					: "0-1, 0+1 or 0=0");
		if (state->quoted != 0 && opt->command == NULL)
			opt_error(state, "no command is given after --");
		check_one(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "REF OP... [-- COMMAND [ARG...]]",
	.doc = "Adds to semaphores (N+V), takes from them (N-V) or waits until they are "
	       "zero (N=0): all at once, or not at all.  With COMMAND, runs it and has "
	       "all of it undone when that ends.  A POSIX named semaphore, psem:/NAME, "
	       "does one of 0-1 and 0+V.",
	.children =
		(const struct argp_child[]){
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* Explains E2BIG and EFBIG, with limits that the user can check. */
static bool
explain_numbers(const struct options *opt, const struct object *o, struct buf *why)
{
	uint64_t most = o->kind->set->most();

	if (opt->count > most) {
		buf_printf(why,
			"%zu operations are more than the %" PRIu64
			" that one call may have (the third number of sysctl kernel.sem)",
			opt->count, most);
		return true;
	}
	for (size_t i = 0; i < opt->count; i++)
		if (opt->changes[i].num >= o->fact[FACT_NSEMS]) {
			buf_printf(why,
				"there is no semaphore %u: the set has %" PRIu64
				", counted from 0",
				opt->changes[i].num, o->fact[FACT_NSEMS]);
			return true;
		}
	return false;
}

/* Says why the operations failed. */
static int
failed(const struct options *opt, const struct target *t, int error)
{
	struct buf why = { 0 };
	unsigned wanted = 04;

	/* If the user chose status 0 for this, it is not an error. */
	if (error == EAGAIN && opt->blocked == 0)
		return STATUS_OK;
	for (size_t i = 0; i < opt->count; i++)
		if (opt->changes[i].by != 0)
			wanted = 02;
	if (error == EAGAIN)
		buf_str(&why, opt->timeout == 0 ? "it would block" : "timed out");
	else if (error == ERANGE)
		buf_str(&why,
			"the value of a semaphore, or what is to be undone of it, would "
			"go beyond 32767");
	else if (error == ENOSPC)
		buf_str(&why, "the kernel has no room to note what is to be undone");
	else
		explain_use(&t->object, wanted, error, &why);
	say("%s: %s", t->text, buf_text(&why));
	buf_free(&why);
	return error == EAGAIN ? (int)opt->blocked : STATUS_SOME;
}

static int
run(char **command)
{
	write_error_uncatch();
	execvp(command[0], command);
	say("cannot run '%s': %s", command[0], strerror(errno));
	return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN;
}

static int
operate(const struct options *opt, const struct target *t)
{
	const struct object *o = &t->object;
	struct buf why = { 0 };

	if (explain_numbers(opt, o, &why)) {
		say("%s: %s", t->text, buf_text(&why));
		buf_free(&why);
		return STATUS_SOME;
	}
	if (o->kind->set->change(
		    o, opt->changes, opt->count, opt->command != NULL, opt->timeout) < 0)
		return failed(opt, t, errno);
	return opt->command == NULL ? STATUS_OK : run(opt->command);
}

/* Operates on an object that is one semaphore.  A signal must not end the program while
 * it waits: the C library counts the waiters. */
static int
operate_one(const struct options *opt, const struct target *t)
{
	const struct object *o = &t->object;
	struct buf why = { 0 };
	int error;

	if (wait_catch_signals() < 0) {
		say("cannot start a timer: %s", strerror(errno));
		return STATUS_USAGE;
	}
	if (o->kind->semaphore->change(o, opt->changes, opt->timeout, &why) == 0)
		return STATUS_OK;
	error = errno;
	if (error != EINTR || opt->changes->by > 0)
		say("%s: %s", t->text, buf_text(&why));
	buf_free(&why);
	if (wait_signal() != 0)
		return wait_die(wait_signal());
	return error == EAGAIN ? STATUS_BLOCKED : STATUS_SOME;
}

static int
exec(int argc, char **argv)
{
	struct options opt = {
		.target = { OPERATION_SEMOP, fits },
		.timeout = WAIT_FOREVER,
		.blocked = STATUS_BLOCKED,
	};
	struct target target;
	int status;

	opt_parse(&argp, argc, argv, &opt);
	status = resolve_one(&opt.target, FACT(NSEMS), false, &target);
	if (status == STATUS_OK)
		status = target.object.kind->semaphore != NULL
			? operate_one(&opt, &target)
			: operate(&opt, &target);
	opt_operands_free(&opt.target.operands);
	free(opt.changes);
	return status;
}

const struct cmd cmd_semop = {
	.name = "semop",
	.summary = "operate on semaphores, or hold a lock while a command runs",
	.argp = &argp,
	.fits = fits,
	.exec = exec,
};
