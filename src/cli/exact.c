/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/exact.h"

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

/* An option as it was typed, and what is wrong with it; NULL if it is unknown. */
struct wrong {
	const char *dashes;
	const char *name;
	int len;
	const char *fault;
};

/* Ends the walk if there is a way of ipctool for it. */
static bool
refuse_habit(struct walk *w, const char *way, struct wrong o)
{
	if (way == NULL)
		return false;
	buf_printf(w->why, "%s '%s%.*s'%s; %s",
		o.fault == NULL ? "unknown option" : "option", o.dashes, o.len, o.name,
		o.fault == NULL ? "" : o.fault, way);
	w->result = EXACT_HABIT;
	return true;
}

static void
refuse_unknown(struct walk *w, const char *word)
{
	size_t len = strcspn(word + 2, "=");
	char *name = xasprintf("%.*s", (int)len, word + 2);
	struct near near = { .word = name, .prefix = "--" };

	/* Of "--=x" the name alone would say nothing. */
	buf_printf(w->why, "unknown option '--%s'", len == 0 ? word + 2 : name);
	for (size_t i = 0; i < w->all.count; i++)
		if (w->all.list[i].name != NULL && !w->all.list[i].hidden)
			near_try(&near, w->all.list[i].name, w->all.list[i].name);
	near_ask(&near, w->why);
	near_free(&near);
	free(name);
	w->result = EXACT_UNKNOWN;
}

/* How many words a long option takes with its argument; 0 if the walk ends here. */
static int
long_words(struct walk *w, const char *word)
{
	struct wrong o = { .dashes = "--", .name = word + 2 };
	const struct known_option *k;
	const char *way;
	bool has_argument;

	o.len = strcspn(o.name, "=");
	has_argument = o.name[o.len] == '=';
	k = known_by_name(&w->all, o.name, o.len);
	way = habit_option(w->command, o.name, o.len);
	if (k == NULL) {
		if (!refuse_habit(w, way, o))
			refuse_unknown(w, word);
		return 0;
	}
	if (k->argument == no_argument && has_argument) {
		o.fault = " takes no argument";
		return refuse_habit(w, way, o) ? 0 : 1;
	}
	if (k->argument != required_argument || has_argument)
		return 1;
	o.fault = " requires an argument";
	return w->left < 2 && refuse_habit(w, way, o) ? 0 : 2;
}

/* The same for a cluster of letters.  argp complains about those that nothing has. */
static int
cluster_words(struct walk *w, const char *letters)
{
	struct wrong o = { .dashes = "-", .len = 1 };

	for (o.name = letters; *o.name != '\0'; o.name++) {
		const struct known_option *k = known_by_letter(&w->all, *o.name);
		const char *way = habit_letter(w->command, *o.name);

		if (k == NULL) {
			refuse_habit(w, way, o);
			return 0;
		}
		if (k->argument == no_argument)
			continue;
		/* What is left of the word is the argument, or else the next word. */
		if (k->argument != required_argument || o.name[1] != '\0')
			return 1;
		o.fault = " requires an argument";
		return w->left < 2 && refuse_habit(w, way, o) ? 0 : 2;
	}
	return 1;
}

/* How many words are passed over with this one; 0 if the walk ends here. */
static int
words_taken(struct walk *w, const char *word)
{
	if (known_is_operand(word))
		return 1;
	return word[1] == '-' ? long_words(w, word) : cluster_words(w, word + 1);
}

/* The command that argv[0], "ipctool list", has behind the name of the program. */
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
