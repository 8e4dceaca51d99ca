/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/exact.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/near.h"
#include "lib/xalloc.h"

/* An option in the form of getopt_long(3). */
struct known {
	const char *name; /* or NULL */
	int letter; /* or 0 */
	int argument; /* no_argument, required_argument or optional_argument */
	bool hidden;
};

struct all_known {
	struct known *list;
	size_t count;
};

/* The options that argp_parse(3) adds, without --HANG, which sleeps, and --program-name:
 * these are for debugging argp. */
static const struct argp argp_adds = {
	.options =
		(const struct argp_option[]){
			{ "help", '?', NULL, 0, NULL, 0 },
			{ "usage", 0, NULL, 0, NULL, 0 },
			{ "version", 'V', NULL, 0, NULL, 0 },
			{ 0 },
		},
};

static int
argument_of(const struct argp_option *o)
{
	if (o->arg == NULL)
		return no_argument;
	return o->flags & OPTION_ARG_OPTIONAL ? optional_argument : required_argument;
}

/* Adds the options of argp, and then those of its children, in the order of argp. */
static void
collect(struct all_known *all, const struct argp *argp)
{
	const struct argp_option *o = argp->options;
	const struct argp_option *real = o; /* the option whose argument an alias has */

	for (; o != NULL &&
		(o->name != NULL || o->key != 0 || o->doc != NULL || o->group);
		o++) {
		if (!(o->flags & OPTION_ALIAS))
			real = o;
		if (real->flags & OPTION_DOC)
			continue;
		all->list = xreallocarray(all->list, all->count + 1, sizeof *all->list);
		all->list[all->count++] = (struct known){
			.name = o->name,
			.letter = o->key > 0 && o->key <= UCHAR_MAX ? o->key : 0,
			.argument = argument_of(real),
			.hidden = o->flags & OPTION_HIDDEN,
		};
	}
	for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL;
		c++)
		collect(all, c->argp);
}

static const struct known *
by_name(const struct all_known *all, const char *name, size_t len)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].name != NULL && strlen(all->list[i].name) == len &&
			memcmp(all->list[i].name, name, len) == 0)
			return &all->list[i];
	return NULL;
}

static const struct known *
by_letter(const struct all_known *all, char letter)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].letter == (unsigned char)letter)
			return &all->list[i];
	return NULL;
}

/* The number of words of a long option with its argument; 0 if it is unknown. */
static int
long_words(const struct all_known *all, const char *name)
{
	size_t len = strcspn(name, "=");
	const struct known *k = by_name(all, name, len);

	if (k == NULL)
		return 0;
	return k->argument == required_argument && name[len] == '\0' ? 2 : 1;
}

/* The same for a group of letters; 0 if one of them is unknown. */
static int
cluster_words(const struct all_known *all, const char *letters)
{
	for (; *letters != '\0'; letters++) {
		const struct known *k = by_letter(all, *letters);

		if (k == NULL)
			return 0;
		/* The rest of the word is the argument, or else the next word. */
		if (k->argument != no_argument)
			return k->argument == required_argument && letters[1] == '\0' ? 2
										      : 1;
	}
	return 1;
}

static bool
is_operand(const char *word)
{
	return word[0] != '-' || word[1] == '\0';
}

static void
explain(const struct all_known *all, const char *word, struct buf *why)
{
	size_t len = strcspn(word + 2, "=");
	char *name = xasprintf("%.*s", (int)len, word + 2);
	struct near near = { .word = name, .prefix = "--" };

	/* For "--=x" the name is empty, so the message has the whole word. */
	buf_printf(why, "unknown option '--%s'", len == 0 ? word + 2 : name);
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].name != NULL && !all->list[i].hidden)
			near_try(&near, all->list[i].name, all->list[i].name);
	if (strcmp(name, "id") == 0)
		buf_str(why, "; objects are named by reference, for example shm:2");
	else
		near_ask(&near, why);
	near_free(&near);
	free(name);
}

/* The number of words to skip, starting with this one; 0 if it has an unknown option. */
static int
words_taken(const struct all_known *all, const char *word)
{
	if (is_operand(word))
		return 1;
	return word[1] == '-' ? long_words(all, word + 2) : cluster_words(all, word + 1);
}

int
opt_exact(const struct argp *argp, int argc, char *const *argv, bool to_operand,
	struct buf *why)
{
	struct all_known all = { 0 };
	int result = 0;
	int taken;

	collect(&all, argp);
	collect(&all, &argp_adds);
	for (int i = 1; i < argc; i += taken) {
		if (strcmp(argv[i], "--") == 0 || (to_operand && is_operand(argv[i])))
			break;
		taken = words_taken(&all, argv[i]);
		if (taken > 0)
			continue;
		if (argv[i][1] == '-') {
			explain(&all, argv[i], why);
			result = -1;
		}
		break;
	}
	free(all.list);
	return result;
}
