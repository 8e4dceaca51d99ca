/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * __complete: the words that can complete a word, for the shells.  They call it as
 *
 *	ipctool __complete WORD...
 *
 * with the words after the name of the program, the last one as typed so far.  It prints
 * a line that tells the shell what to do, and a line for each candidate: the whole word,
 * a tab, and its meaning.  The first line is one of
 *
 *	words		offer the candidates; add a blank after a word that does not end
 *			with = or :
 *	parts		the same without a blank, because the word may go on
 *	files		offer files
 *	directories	offer directories
 *	command N	complete the words from the Nth on as another program's; ipctool
 *			is word 0
 *
 * The candidates come from the tables that the commands use.  For the argument of an
 * option and for an operand, the placeholder in --help decides.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/ipc-ns.h"
#include "cmd/offer.h"
#include "lib/xalloc.h"
#include "output/writer.h"

enum { SECONDS_MAX = 2 }; /* the user waits for the answer */

/*
 * The placeholder of the nth operand from 0 in what --help shows of them, such as
 * "REF OP... [-- COMMAND [ARG...]]"; NULL if there is none.
 */
static const char *
find_operand(const char *operands, size_t n, size_t *len)
{
	for (;;) {
		size_t word;

		operands += strspn(operands, " [");
		word = strcspn(operands, " ");
		*len = strcspn(operands, " ].");
		if (word == 0 || strncmp(operands, "--", 2) == 0)
			return NULL;
		if (n == 0 || memmem(operands, word, "...", 3) != NULL)
			return operands;
		n--;
		operands += word;
	}
}

static void
offer_operand(struct completion *c)
{
	const char *operands = c->cmd == NULL ? "COMMAND" : c->cmd->argp->args_doc;
	size_t len;
	const char *text = find_operand(operands, c->operands, &len);

	if (text != NULL)
		offer_alternatives(c, text, len);
}

static void
offer_argument(struct completion *c, const struct known_option *option, size_t kept)
{
	c->option = option;
	c->candidates.kept = kept;
	if (option->placeholder != NULL)
		offer_alternatives(c, option->placeholder, strlen(option->placeholder));
}

static void
offer_options(struct completion *c)
{
	for (size_t i = 0; i < c->options.count; i++) {
		const struct known_option *o = &c->options.list[i];
		const char *end = o->argument == required_argument ? "=" : "";
		const char *doc = o->doc != NULL ? o->doc : "";
		char *meaning = xasprintf("%.*s", (int)strcspn(doc, ";"), doc);
		char *letter = xasprintf("-%c", o->letter != 0 ? o->letter : '-');
		char *name = xasprintf("--%s%s", o->name != NULL ? o->name : "", end);

		if (!o->hidden && o->letter != 0)
			candidates_add(&c->candidates, letter, meaning);
		if (!o->hidden && o->name != NULL)
			candidates_add(&c->candidates, name, meaning);
		free(meaning);
		free(letter);
		free(name);
	}
}

/* A word that starts with a dash. */
static void
offer_option(struct completion *c)
{
	const char *word = c->candidates.word;
	struct known_word w = known_read(&c->options, word);

	if (w.argument != NULL && w.option->argument != no_argument)
		offer_argument(c, w.option, w.argument - word);
	else
		offer_options(c);
}

/* Notes what an option says about the fields of the output: the format, --format=json or
 * --json, and the field to group objects by, --by=owner; and about the objects, the
 * namespace that they are in, --ipc-ns=NS. */
static void
note_option(struct completion *c, const struct known_option *o, const char *argument)
{
	if (o->placeholder != NULL && strcmp(o->placeholder, "FORMAT") == 0)
		c->format = argument;
	else if (o->placeholder != NULL && strcmp(o->placeholder, "FIELD") == 0)
		c->group = argument;
	else if (o->placeholder != NULL && strcmp(o->placeholder, "NS") == 0)
		c->ns = argument;
	else if (o->name != NULL && strcmp(o->name, writer_json.name) == 0)
		c->format = o->name;
}

/* Reads the words of the command before the word to complete, from words[first] on. */
static void
read_words(struct completion *c, char *const *words, size_t first, size_t count)
{
	size_t taken;

	for (size_t i = first; i < count; i += taken) {
		const struct known_word w = known_read(&c->options, words[i]);

		taken = c->quoted > 0 || w.taken == 0 ? 1 : w.taken;
		if (c->quoted > 0) {
			c->operands++;
		} else if (strcmp(words[i], "--") == 0) {
			c->quoted = i + 1;
		} else if (w.option == NULL) {
			c->operands += known_is_operand(words[i]);
		} else if (w.taken == 2 && i + 1 == count) {
			c->option = w.option;
		} else {
			note_option(
				c, w.option, w.taken == 2 ? words[i + 1] : w.argument);
		}
	}
}

/* The index of the command among the words; count if there is none.  Notes what the
 * options before it say. */
static size_t
find_command(struct completion *c, char *const *words, size_t count)
{
	struct known_options program = { 0 };
	bool quoted = false;
	size_t i, taken;

	known_collect(&program, &opt_program_argp);
	for (i = 0; i < count; i += taken) {
		const struct known_word w = known_read(&program, words[i]);

		taken = quoted || w.taken == 0 ? 1 : w.taken;
		if (quoted || known_is_operand(words[i]))
			break;
		quoted = strcmp(words[i], "--") == 0;
		if (w.option != NULL && i + taken <= count)
			note_option(
				c, w.option, w.taken == 2 ? words[i + 1] : w.argument);
	}
	known_free(&program);
	return i < count ? i : count;
}

/* Whether the words after -- are the command line of another program. */
static bool
runs_program(const struct cmd *cmd)
{
	return cmd != NULL && strstr(cmd->argp->args_doc, "-- COMMAND") != NULL;
}

static void
offer(struct completion *c)
{
	const char *word = c->candidates.word;

	if (c->option != NULL)
		offer_argument(c, c->option, 0);
	else if (c->quoted == 0 && *word == '-')
		offer_option(c);
	else if (c->quoted == 0 || !runs_program(c->cmd))
		offer_operand(c);
	else
		c->what = "command";
}

/* The answer may depend on a server, for example for the names of users. */
static void
give_up(int signal)
{
	(void)signal;
	_exit(STATUS_OK);
}

static void
limit_time(void)
{
	const struct sigaction action = { .sa_handler = give_up };
	sigset_t set;

	sigaction(SIGALRM, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	alarm(SECONDS_MAX);
}

/* argv[0] is the name of the program; the words follow it. */
static int
exec(int argc, char **argv)
{
	struct completion c = { .what = "words" };
	size_t count = argc - 1;
	char *const *words = argv + 1;
	size_t command;

	/* After a failure there are fewer candidates.  A message would disturb the line
	 * that the user is typing. */
	if (count == 0 || freopen("/dev/null", "w", stderr) == NULL)
		return STATUS_OK;
	limit_time();
	c.candidates.word = words[--count];
	command = find_command(&c, words, count);
	if (command < count) {
		c.cmd = cmd_by_name(words[command]);
		if (c.cmd == NULL)
			return STATUS_OK;
	}
	known_collect(&c.options, c.cmd != NULL ? c.cmd->argp : &opt_program_argp);
	read_words(&c, words, c.cmd != NULL ? command + 1 : 0, count);
	offer_enter(&c);
	offer(&c);
	printf("%s", c.what);
	if (strcmp(c.what, "command") == 0)
		printf(" %zu", c.quoted + 1);
	printf("\n%.*s", (int)c.candidates.lines.len, buf_text(&c.candidates.lines));
	buf_free(&c.candidates.lines);
	known_free(&c.options);
	return STATUS_OK;
}

const struct cmd cmd_complete = {
	.name = "__complete",
	.summary = "print the words that can complete a word",
	.exec = exec,
};
