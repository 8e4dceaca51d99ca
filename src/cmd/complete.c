/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * __complete: what may stand in the place of a word that has been begun, for the shells.
 * It is called as
 *
 *	ipctool __complete WORD...
 *
 * with the words behind the program's name, the last one as far as it has been typed, and
 * prints a line with what there is to do, then the candidates: the whole word, a tab, and
 * what it means.  The first line is one of
 *
 *	words		one of the candidates; a blank follows, unless it ends with = or :
 *	parts		the same, but more may follow each: no blank
 *	files		a file is wanted
 *	directories	a directory is wanted
 *	command N	the words from the Nth on, where ipctool is word 0, are those of
 *			another program
 *
 * All is taken from the tables that the commands themselves work with.  The argument of
 * an option, and an operand, is what its placeholder in --help says.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cmd/offer.h"
#include "lib/xalloc.h"
#include "output/writer.h"

enum { SECONDS_MAX = 2 }; /* a shell does not wait for longer */

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

/* Notes the format that an option gives: --format=json, or --json. */
static void
note_format(struct completion *c, const struct known_option *o, const char *argument)
{
	if (o->placeholder != NULL && strcmp(o->placeholder, "FORMAT") == 0)
		c->format = argument;
	else if (o->name != NULL && strcmp(o->name, writer_json.name) == 0)
		c->format = o->name;
}

/* Reads the words of the command, from the place first on, before the one that is to be
 * completed. */
static void
read_words(struct completion *c, char *const *words, size_t first, size_t count)
{
	struct known_word w;

	for (size_t i = first; i<count; i += w.taken> 0 ? w.taken : 1) {
		w = known_read(&c->options, words[i]);
		if (c->quoted > 0) {
			w.taken = 1;
			c->operands++;
		} else if (strcmp(words[i], "--") == 0) {
			c->quoted = i + 1;
		} else if (w.option == NULL) {
			c->operands += known_is_operand(words[i]);
		} else if (w.taken == 2 && i + 1 == count) {
			c->option = w.option;
		} else {
			note_format(
				c, w.option, w.taken == 2 ? words[i + 1] : w.argument);
		}
	}
}

/* The place of the command among the words; count if it is not there. */
static size_t
find_command(char *const *words, size_t count)
{
	bool quoted = false;

	for (size_t i = 0; i < count; i++) {
		if (quoted || known_is_operand(words[i]))
			return i;
		quoted = strcmp(words[i], "--") == 0;
	}
	return count;
}

/* Whether what follows -- is the command line of another program. */
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

/* A shell waits for the answer, which may depend on a server: of users, for example. */
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

/* The program's name is no word: argv[0] stands in its place. */
static int
exec(int argc, char **argv)
{
	struct completion c = { .what = "words" };
	size_t count = argc - 1;
	char *const *words = argv + 1;
	size_t command;

	/* What fails offers less, and says nothing on a line that is being edited. */
	if (count == 0 || freopen("/dev/null", "w", stderr) == NULL)
		return STATUS_OK;
	limit_time();
	c.candidates.word = words[--count];
	command = find_command(words, count);
	if (command < count) {
		c.cmd = cmd_by_name(words[command]);
		if (c.cmd == NULL)
			return STATUS_OK;
	}
	known_collect(&c.options, c.cmd != NULL ? c.cmd->argp : &opt_common_argp);
	read_words(&c, words, c.cmd != NULL ? command + 1 : 0, count);
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
	.summary = "print what may stand in the place of a word",
	.exec = exec,
};
