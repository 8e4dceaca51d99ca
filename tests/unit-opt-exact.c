/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Which words are long options that must be rejected, with a tree of parsers that has
 * more than the commands have: hidden options with a name, aliases, optional arguments.
 */

#include "cli/exact.h"

#include "tap.h"

static const struct argp_option grandchild_options[] = {
	{ "deep", 0x101, "ARG", 0, "With an argument", 0 },
	{ "secret", 0x102, NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static const struct argp grandchild = { .options = grandchild_options };

static const struct argp_option child_options[] = {
	{ NULL, 0, NULL, 0, "A heading:", 3 },
	{ "maybe", 'm', "ARG", OPTION_ARG_OPTIONAL, "With an argument or without", 0 },
	{ "user", 'u', "USER", 0, "With an argument", 0 },
	{ "usr", 'U', NULL, OPTION_ALIAS, NULL, 0 },
	{ "words", 0, NULL, OPTION_DOC, "No option", 0 },
	{ "stale", 0x103, NULL, 0, "Without one", 0 },
	{ 0 },
};

static const struct argp child = {
	.options = child_options,
	.children = (const struct argp_child[]){ { &grandchild, 0, NULL, 0 }, { 0 } },
};

static const struct argp_option options[] = {
	{ "force", 'f', NULL, 0, "Without one", 0 },
	{ 0 },
};

static const struct argp argp = {
	.options = options,
	.children = (const struct argp_child[]){ { &child, 0, NULL, 0 }, { 0 } },
};

enum { WORDS_MAX = 6 };

/* Compares the message that rejects a command line; "" if it is accepted. */
static void
returns(const char *name, const char *const words[WORDS_MAX], bool to_operand,
	const char *wanted, int wanted_result)
{
	struct buf why = { 0 }, line = { 0 };
	char *argv[WORDS_MAX + 2] = { (char *)name };
	int argc = 1;
	int result;

	for (; argc <= WORDS_MAX && words[argc - 1] != NULL; argc++) {
		argv[argc] = (char *)words[argc - 1];
		buf_printf(&line, " %s", argv[argc]);
	}
	result = opt_exact(&argp, argc, argv, to_operand, &why);
	is_str(buf_text(&why), wanted, "words%s", buf_text(&line));
	is_int(result, wanted_result, "... and what is returned");
	buf_free(&why);
	buf_free(&line);
}

static void
is_refused(const char *const words[WORDS_MAX], bool to_operand, const char *wanted)
{
	returns("program send", words, to_operand, wanted,
		*wanted == '\0' ? 0 : EXACT_UNKNOWN);
}

#define REFUSED(wanted, ...) \
	is_refused((const char *const[WORDS_MAX]){ __VA_ARGS__ }, false, (wanted))
#define ACCEPTED(...) REFUSED("", __VA_ARGS__)
#define HABIT(name, wanted, ...) \
	returns((name), (const char *const[WORDS_MAX]){ __VA_ARGS__ }, false, (wanted), \
		EXACT_HABIT)

static void
test_names(void)
{
	ACCEPTED(NULL);
	ACCEPTED("--force", "--stale", "--user=x", "--deep=x", "--maybe", "--secret");
	ACCEPTED("--help", "--usage", "--version", "--stale=yes", "--maybe=x", "--usr=x");
	REFUSED("unknown option '--forc'; did you mean --force?", "--stale", "--forc");
	REFUSED("unknown option '--Force'; did you mean --force?", "--Force");
	REFUSED("unknown option '--stal'; did you mean --stale?", "--stal=yes");
	REFUSED("unknown option '--us'; did you mean --user, --usr or --usage?", "--us");
	REFUSED("unknown option '--vers'; did you mean --version?", "--vers");
	REFUSED("unknown option '--=x'", "--=x");
	REFUSED("unknown option '--HANG'", "--HANG=0");
	REFUSED("unknown option '--program-name'", "--program-name", "x");
	REFUSED("unknown option '--words'", "--words");
}

/* Hidden options are accepted, but no message names them. */
static void
test_hidden(void)
{
	REFUSED("unknown option '--secre'", "--secre");
	REFUSED("unknown option '--deeep'; did you mean --deep?", "--deeep");
}

static void
test_habits(void)
{
	HABIT("program",
		"unknown option '--id'; objects are named by reference, for example "
		"shm:2",
		"--id", "2");
	HABIT("program send",
		"unknown option '--id'; objects are named by reference, for example "
		"shm:2",
		"-f", "shm", "--id=2");
	REFUSED("unknown option '--idx'", "--idx");
	HABIT("program list", "unknown option '-l'; to show limits, use ipctool limits",
		"-fl", "--x1");
	HABIT("program list",
		"option '-u' requires an argument; to show what is used of each limit, "
		"use ipctool limits",
		"-fu");
}

/* The word after an option with an argument is the argument, whatever it looks like. */
static void
test_arguments(void)
{
	ACCEPTED("--user", "--x1");
	ACCEPTED("--usr", "--x1");
	ACCEPTED("--deep", "--x1");
	ACCEPTED("--user", "--", "--usr", "--x1");
	ACCEPTED("-u", "--x1", "-U", "--x2");
	ACCEPTED("--user");
	ACCEPTED("-u");
	REFUSED("unknown option '--x2'", "--user", "--x1", "--x2");
	REFUSED("unknown option '--x1'", "--user=", "--x1");
	REFUSED("unknown option '--x1'", "--stale", "--x1");
	REFUSED("unknown option '--x1'", "--stale=", "--x1");
	REFUSED("unknown option '--x1'", "--maybe", "--x1");
	REFUSED("unknown option '--x2'", "-u", "--x1", "--x2");
}

static void
test_clusters(void)
{
	ACCEPTED("-ffu", "--x1");
	ACCEPTED("-fU", "--x1", "-f");
	REFUSED("unknown option '--x1'", "-ff", "--x1");
	REFUSED("unknown option '--x1'", "-fuf", "--x1");
	REFUSED("unknown option '--x1'", "-u=", "--x1");
	REFUSED("unknown option '--x1'", "-m", "--x1");
	REFUSED("unknown option '--x1'", "-mu", "--x1");
	REFUSED("unknown option '--x1'", "-?V", "--x1");
	REFUSED("unknown option '--x1'", "-f", "--x1", "-Z");
	/* argp rejects the letter. */
	ACCEPTED("-Z", "--x1");
	ACCEPTED("-f-", "--x1");
	ACCEPTED("-\xff", "--x1");
}

static void
test_operands(void)
{
	REFUSED("unknown option '--x1'", "shm", "-", "", "--x1");
	ACCEPTED("--", "--x1");
	ACCEPTED("shm", "--force", "--", "--x1", "-u");
	is_refused((const char *const[WORDS_MAX]){ "-f", "shm", "--x1" }, true, "");
	is_refused((const char *const[WORDS_MAX]){ "-u", "shm", "--x1", "shm" }, true,
		"unknown option '--x1'");
	is_refused((const char *const[WORDS_MAX]){ "-", "--x1" }, true, "");
}

int
main(void)
{
	test_names();
	test_hidden();
	test_habits();
	test_arguments();
	test_clusters();
	test_operands();
	return done_testing();
}
