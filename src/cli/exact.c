/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/exact.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/habits.h"
#include "cli/known.h"
#include "lib/near.h"
#include "lib/xalloc.h"

/* The words of a command line, and the one that is looked at. */
struct walk {
	struct known_options all;
	const char *command; /* "" for ipctool itself */
	int left; /* words from this one to the last */
	struct buf *why;
	int result;
};

/* Ends the walk if ipctool has another way for the option in this word; fault is what is
 * wrong with an option that the command has. */
static bool
refuse_habit(struct walk *w, const struct known_word *k, const char *fault)
{
	const char *way = k->is_long ? habit_option(w->command, k->name, k->len)
				     : habit_letter(w->command, *k->name);

	if (way == NULL)
		return false;
	buf_printf(w->why, "%s '%s%.*s'%s; %s",
		k->option == NULL ? "unknown option" : "option", k->is_long ? "--" : "-",
		(int)k->len, k->name, fault, way);
	w->result = EXACT_HABIT;
	return true;
}

/* argp itself reports letters that are unknown everywhere. */
static void
refuse_unknown(struct walk *w, const struct known_word *k)
{
	char *name = xasprintf("%.*s", (int)k->len, k->name);
	struct near near = { .word = name, .prefix = "--" };

	/* For "--=x" the name is empty, so the message has the whole word. */
	buf_printf(w->why, "unknown option '--%s'", k->len == 0 ? k->name : name);
	for (size_t i = 0; i < w->all.count; i++)
		if (w->all.list[i].name != NULL && !w->all.list[i].hidden)
			near_try(&near, w->all.list[i].name, w->all.list[i].name);
	near_ask(&near, w->why);
	near_free(&near);
	free(name);
	w->result = EXACT_UNKNOWN;
}

/* The number of words that a word takes with its argument; 0 if the walk ends here. */
static int
words_taken(struct walk *w, const char *word)
{
	const struct known_word k = known_read(&w->all, word);
	const char *fault = NULL;

	if (k.name == NULL) /* an operand */
		return 1;
	if (k.option == NULL) {
		if (!refuse_habit(w, &k, "") && k.is_long)
			refuse_unknown(w, &k);
		return 0;
	}
	if (k.argument != NULL && k.option->argument == no_argument)
		fault = " takes no argument";
	else if (k.taken > w->left)
		fault = " requires an argument";
	return fault != NULL && refuse_habit(w, &k, fault) ? 0 : k.taken;
}

/* The command in argv[0], which is "ipctool" or "ipctool list". */
static const char *
command_of(const char *name)
{
	const char *blank = strchr(name, ' ');

	return blank == NULL ? "" : blank + 1;
}

int
opt_exact(const struct argp *argp, int argc, char *const *argv, bool to_operand,
	struct buf *why)
{
	struct walk w = { .command = command_of(argv[0]), .why = why };
	int taken = 1;

	known_collect(&w.all, argp);
	for (int i = 1; i < argc && taken > 0; i += taken) {
		if (strcmp(argv[i], "--") == 0 ||
			(to_operand && known_is_operand(argv[i])))
			break;
		w.left = argc - i;
		taken = words_taken(&w, argv[i]);
	}
	known_free(&w.all);
	return w.result;
}
