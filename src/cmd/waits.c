/* SPDX-License-Identifier: GPL-3.0-or-later */
/* waits: which threads wait, for what, and which processes can release them. */

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/arg.h"
#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cli/output.h"
#include "cmd/cmd.h"
#include "cmd/spaces.h"
#include "cmd/waits-fields.h"
#include "cmd/waits-metrics.h"
#include "cmd/waits-rows.h"
#include "cmd/waits-view.h"
#include "kind/access.h"
#include "lib/lines.h"
#include "lib/message.h"
#include "lib/names.h"
#include "output/metrics.h"
#include "process/call.h"
#include "process/proc.h"

struct options {
	struct waits_view view;
	struct opt_output output;
	uint64_t interval; /* nanoseconds */
	bool alone;
	bool exit_code;
	bool certain;
	bool from_stdin;
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Choosing waits:", 10 },
	{ "all", 'a', NULL, 0, "Also what is normal: idle and mutual waits", 0 },
	{ "user", 'u', "USER", 0,
		"Findings and chains in which a thread of this user waits", 0 },
	{ "for", OPT_FOR, "DURATION", 0,
		"Waits that have lasted for at least this time, for example 30s", 0 },
	{ "threads", OPT_THREADS, NULL, 0,
		"One line for each thread, also of those that wait alike (table only)",
		0 },
	{ NULL, 0, NULL, 0, "Judging:", 15 },
	{ "interval", OPT_INTERVAL, "DURATION", 0,
		"The least time between the two looks at a thread (default: 0.1s)", 0 },
	{ "alone", OPT_ALONE, NULL, 0,
		"No process outside this PID namespace takes part (for containers)", 0 },
	{ NULL, 0, NULL, 0, "Exit status:", 30 },
	{ "exit-code", OPT_EXIT_CODE, NULL, 0,
		"Exit with 1 if there is a deadlock, or what is stuck or stopped", 0 },
	{ "certain", OPT_CERTAIN, NULL, 0, "With --exit-code: count only what is certain",
		0 },
	{ 0 },
};

static int
take_operand(void *view, const char *text, unsigned long line, struct buf *cause)
{
	(void)line;
	return waits_add_operand(view, text, cause);
}

static void
take_argument(struct options *opt, const char *text, const struct argp_state *state)
{
	struct buf cause = { 0 };
	int rc;

	if (strcmp(text, "-") != 0) {
		if (waits_add_operand(&opt->view, text, &cause) < 0)
			opt_error(state, "%s", buf_text(&cause));
		return;
	}
	if (opt->from_stdin)
		opt_error(state, "'-' can be given only once");
	opt->from_stdin = opt->view.has_operands = true;
	rc = lines_read(stdin, take_operand, &opt->view, &cause);
	if (rc == -2)
		opt_error(state, "cannot read standard input: %s", strerror(errno));
	if (rc < 0)
		opt_error(state, "standard input, %s", buf_text(&cause));
}

static void
set_user(struct options *opt, const char *arg, const struct argp_state *state)
{
	struct buf cause = { 0 };

	if (names_find_user(arg, &opt->view.user) < 0) {
		names_explain(&cause, "user", arg);
		opt_error(state, "--user: %s", buf_text(&cause));
	}
	opt->view.has_user = true;
}

static void
complete_options(struct options *opt, const struct argp_state *state)
{
	struct opt_output *output = &opt->output;

	if (opt->certain && !opt->exit_code)
		opt_error(state, "--certain has no effect without --exit-code");
	if (opt->view.each_thread && !output->layout.writer->people)
		opt_error(state, "--threads is for tables; --format=%s has no use for it",
			output->layout.writer->name);
	/* Metrics count all waits, and have no fields. */
	opt->view.all |= output->layout.writer == output->also;
	if (output->output == NULL && !output->layout.writer->people &&
		output->layout.writer != output->also)
		output->output = waits_default_fields(output->layout.writer);
	opt_output_choose(output, KINDS_ALL, state);
}

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->output;
		return 0;
	case 'a':
		opt->view.all = true;
		return 0;
	case 'u':
		set_user(opt, arg, state);
		return 0;
	case OPT_FOR:
		opt->view.least = opt_arg_duration("--for", arg, state);
		return 0;
	case OPT_THREADS:
		opt->view.each_thread = true;
		return 0;
	case OPT_INTERVAL:
		opt->interval = opt_arg_span("--interval", arg, state);
		return 0;
	case OPT_ALONE:
		opt->alone = true;
		return 0;
	case OPT_EXIT_CODE:
		opt->exit_code = true;
		return 0;
	case OPT_CERTAIN:
		opt->certain = true;
		return 0;
	case ARGP_KEY_ARG:
		take_argument(opt, arg, state);
		return 0;
	case ARGP_KEY_END:
		complete_options(opt, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.args_doc = "[PID|REF|-]...",
	.doc = "Shows which threads wait, for what, and which processes can release "
	       "them; first those that can never go on by themselves. A PID also shows "
	       "what the process holds; - reads PIDs and references from standard "
	       "input, one a line.",
	.children =
		(const struct argp_child[]){
			{ &opt_output_argp, 0, NULL, 0 },
			{ &opt_ipc_ns_argp, 0, NULL, 0 },
			{ &opt_common_argp, 0, NULL, 0 },
			{ 0 },
		},
};

/* Says what the result lacks. */
static void
tell_gaps(const struct world *w)
{
	if (w->unread > 0)
		say("%zu process%s could not be examined%s", w->unread,
			w->unread == 1 ? "" : "es",
			access_has(CAP_SYS_PTRACE)
				? ""
				: (w->unread == 1 ? "; run as root to include it"
						  : "; run as root to include them"));
	if (w->hides)
		say("/proc hides the processes of other users (hidepid); run as root to "
		    "include them");
	if (w->is_changing)
		say("processes started faster than they could be examined; no finding "
		    "is certain");
}

static bool
counts(const struct options *opt, const struct finding *f)
{
	return f->verdict != VERDICT_MUTUAL && (f->certain || !opt->certain);
}

static enum status
find_status(const struct options *opt)
{
	const struct waits_view *v = &opt->view;

	for (size_t i = 0; i < v->look.findings.count && opt->exit_code; i++)
		if (v->shows_finding[i] && counts(opt, &v->look.findings.list[i]))
			return STATUS_SOME;
	return STATUS_OK;
}

static enum status
show_waits(struct options *opt)
{
	struct waits_view *v = &opt->view;
	enum status status;

	if (!call_numbers_are_known()) {
		struct utsname machine;

		uname(&machine);
		say("the system call numbers of %s are not known; use x86-64 or aarch64",
			machine.machine);
		return STATUS_USAGE;
	}
	if (!proc_are_ours()) {
		say("/proc shows another PID namespace; mount proc in this one");
		return STATUS_USAGE;
	}
	if (look_at_all(&v->look, opt->interval, opt->alone) < 0) {
		say("no process could be examined: %s%s", strerror(errno),
			access_has(CAP_SYS_PTRACE) ? "" : "; run as root");
		return STATUS_USAGE;
	}
	status = waits_find_operands(v);
	waits_choose(v);
	if (opt->output.layout.writer == opt->output.also)
		waits_print_metrics(v);
	else if (opt->output.layout.writer->people && opt->output.output == NULL)
		waits_print_text(v);
	else
		waits_print_rows(v, &opt->output.layout);
	tell_gaps(&v->look.world);
	return cmd_worse(status, find_status(opt));
}

static const struct opt_output output = {
	.set = &fields_of_waits,
	.also = &writer_prometheus,
};

static int
exec(int argc, char **argv)
{
	struct options opt = { .output = output, .interval = 100000000 };
	enum status status = STATUS_OK;

	opt_parse(&argp, argc, argv, &opt);
	if (opt.output.list_fields)
		opt_output_list_fields(&opt.output);
	else if ((status = spaces_enter_one(NULL, true)) == STATUS_OK) {
		/* References are those of the one namespace. */
		ipcns_set(NULL);
		status = show_waits(&opt);
	}
	waits_view_free(&opt.view);
	opt_output_free(&opt.output);
	return status;
}

const struct cmd cmd_waits = {
	.name = "waits",
	.alias = "why",
	.summary = "show which threads wait, and for which processes",
	.argp = &argp,
	.output = &output,
	.exec = exec,
};
