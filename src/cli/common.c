/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/common.h"

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exact.h"
#include "lib/buf.h"
#include "lib/message.h"
#include "lib/utf8.h"
#include "lib/write-error.h"
#include "lib/xalloc.h"

/* The state of argp does not exist yet.  These members are enough for messages. */
static void
check_exact(const struct argp *argp, int argc, char **argv, bool to_operand)
{
	struct argp_state state = {
		.root_argp = argp,
		.argc = argc,
		.argv = argv,
		.name = argv[0],
		.err_stream = stderr,
		.out_stream = stdout,
	};
	struct buf why = { 0 };
	int rc = opt_exact(argp, argc, argv, to_operand, &why);

	if (rc == EXACT_UNKNOWN)
		opt_error(&state, "%s", buf_text(&why));
	if (rc == EXACT_HABIT) {
		/* It names the command that is wanted; --help would say no more. */
		say("%s", buf_text(&why));
		exit(argp_err_exit_status);
	}
}

static void
parse_common(const struct argp *argp, int argc, char **argv, bool to_operand, void *input)
{
	int error;

	setprogname(argv[0]);
	check_exact(argp, argc, argv, to_operand);
	error = argp_parse(argp, argc, argv, ARGP_IN_ORDER, NULL, input);
	if (error != 0) {
		fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
		exit(argp_err_exit_status);
	}
}

void
opt_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	parse_common(argp, argc, argv, false, input);
}

void
opt_parse_program(const struct argp *argp, int argc, char **argv, void *input)
{
	parse_common(argp, argc, argv, true, input);
}

_Noreturn void
opt_error(const struct argp_state *state, const char *format, ...)
{
	struct buf shown = { 0 };
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	utf8_show(&shown, text, strlen(text));
	argp_error(state, "%s", buf_text(&shown));
	exit(argp_err_exit_status);
}

_Noreturn void
opt_unknown(const char *what, const struct near *near, const char *all,
	const struct argp_state *state)
{
	struct buf meant = { 0 };

	if (near->count > 0)
		near_ask(near, &meant);
	else
		buf_printf(&meant, "; expected one of: %s", all);
	opt_error(state, "unknown %s '%s'%s", what, near->word, buf_text(&meant));
}

size_t
opt_word(const char *what, const char *const *words, const char *arg,
	const struct argp_state *state)
{
	struct near near = { .word = arg };
	struct buf all = { 0 };

	for (size_t i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], arg) == 0)
			return i;
	for (size_t i = 0; words[i] != NULL; i++) {
		buf_printf(&all, "%s%s", i == 0 ? "" : ", ", words[i]);
		near_try(&near, words[i], words[i]);
	}
	opt_unknown(what, &near, buf_text(&all), state);
}

size_t
opt_choice(const char *what, const char *choices, const char *arg,
	const struct argp_state *state)
{
	char *copy = xstrdup(choices);
	char *rest = copy;
	const char **words = NULL;
	size_t count = 0;
	size_t place;

	do {
		words = xreallocarray(words, count + 1, sizeof *words);
		words[count] = strsep(&rest, "|");
	} while (words[count++] != NULL);
	place = opt_word(what, words, arg, state);
	free(words);
	free(copy);
	return place;
}

void
opt_report_at_once(void)
{
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	signal(SIGPIPE, SIG_IGN);
}

void
opt_report(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	if (printf("%s\n", text) < 0 || ferror(stdout)) {
		write_error_note();
		say("done, but not written to standard output: %s", text);
	}
	free(text);
}

static const struct argp_option options[] = {
	{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, 0 },
	/* Commands that have it look for it before. */
	{ "all-namespaces", OPT_ALL_NAMESPACES, NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static error_t
parse_opt(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	switch (key) {
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return 0;
	case OPT_ALL_NAMESPACES:
		if (strchr(state->name, ' ') == NULL)
			opt_error(state,
				"--all-namespaces follows the command, for example "
				"ipctool list --all-namespaces");
		opt_error(state,
			"--all-namespaces applies to list, stat, limits and rm only");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp opt_common_argp = {
	.options = options,
	.parser = parse_opt,
};
