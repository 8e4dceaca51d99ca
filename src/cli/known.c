/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/known.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"

static const struct argp argp_adds = {
	.options =
		(const struct argp_option[]){
			{ "help", '?', NULL, 0, "Give this help list", 0 },
			{ "usage", 0, NULL, 0, "Give a short usage message", 0 },
			{ "version", 'V', NULL, 0, "Print program version", 0 },
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

static void
collect(struct known_options *all, const struct argp *argp)
{
	const struct argp_option *o = argp->options;
	const struct argp_option *real = o; /* the option whose argument an alias has */

	for (; o != NULL &&
		(o->name != NULL || o->key != 0 || o->doc != NULL || o->group);
		o++) {
		if (!(o->flags & OPTION_ALIAS))
			real = o;
		if (real->flags & OPTION_DOC || (o->name == NULL && o->key == 0))
			continue;
		all->list = xgrow(all->list, all->count, sizeof *all->list);
		all->list[all->count++] = (struct known_option){
			.name = o->name,
			.letter = o->key > 0 && o->key <= UCHAR_MAX ? o->key : 0,
			.argument = argument_of(real),
			.placeholder = real->arg,
			.doc = real->doc,
			.hidden = o->flags & OPTION_HIDDEN,
			.argp = argp,
		};
	}
	for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL;
		c++)
		collect(all, c->argp);
}

void
known_collect(struct known_options *all, const struct argp *argp)
{
	collect(all, argp);
	collect(all, &argp_adds);
}

const struct known_option *
known_by_name(const struct known_options *all, const char *name, size_t len)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].name != NULL && strlen(all->list[i].name) == len &&
			memcmp(all->list[i].name, name, len) == 0)
			return &all->list[i];
	return NULL;
}

const struct known_option *
known_by_letter(const struct known_options *all, char letter)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].letter == (unsigned char)letter)
			return &all->list[i];
	return NULL;
}

static struct known_word
read_long(const struct known_options *all, const char *name)
{
	size_t len = strcspn(name, "=");
	struct known_word w = {
		.name = name,
		.len = len,
		.is_long = true,
		.option = known_by_name(all, name, len),
	};

	if (w.option == NULL)
		return w;
	w.argument = name[len] == '=' ? name + len + 1 : NULL;
	w.taken = w.option->argument == required_argument && w.argument == NULL ? 2 : 1;
	return w;
}

/* The rest of the word after a letter is its argument, or else the next word is. */
static struct known_word
read_cluster(const struct known_options *all, const char *letters)
{
	struct known_word w = { .taken = 1, .len = 1 };

	for (w.name = letters;; w.name++) {
		w.option = known_by_letter(all, *w.name);
		if (w.option == NULL) {
			w.taken = 0;
			return w;
		}
		if (w.option->argument != no_argument)
			break;
		if (w.name[1] == '\0')
			return w;
	}
	w.argument = w.name[1] != '\0' ? w.name + 1 : NULL;
	if (w.option->argument == required_argument && w.argument == NULL)
		w.taken = 2;
	return w;
}

struct known_word
known_read(const struct known_options *all, const char *word)
{
	if (known_is_operand(word))
		return (struct known_word){ .taken = 1 };
	return word[1] == '-' ? read_long(all, word + 2) : read_cluster(all, word + 1);
}

bool
known_is_operand(const char *word)
{
	return word[0] != '-' || word[1] == '\0';
}

void
known_free(struct known_options *all)
{
	free(all->list);
	*all = (struct known_options){ 0 };
}
