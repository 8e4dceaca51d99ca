/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kind/kind.h"

#include <errno.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/near.h"
#include "lib/xalloc.h"

const struct kind *
kind_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < kinds_count; i++)
		if (strlen(kinds[i]->name) == len &&
			memcmp(kinds[i]->name, name, len) == 0)
			return kinds[i];
	return NULL;
}

const struct kind_words *
kind_says(const struct kind *kind)
{
	static const struct kind_words usual = {
		.belongs = "it belongs to ",
		.may_remove = ": only the owner, the creator or root may remove it",
		.may_change = ": only the owner, the creator or root may change it",
		.gone = "it has been removed meanwhile",
		.another = "another object has replaced it meanwhile; that one stays",
		.differs = "it was used meanwhile, so it stays",
		.unchosen = "the conditions no longer choose it, so it stays",
	};

	return kind->says != NULL ? kind->says : &usual;
}

/* The family of a kind, if it is the first kind of that family. */
static const struct family *
new_family(size_t kind)
{
	for (size_t i = 0; i < kind; i++)
		if (kinds[i]->family == kinds[kind]->family)
			return NULL;
	return kinds[kind]->family;
}

const char *
kinds_group_name(size_t i)
{
	size_t families = 0;

	for (size_t k = 0; k < kinds_count; k++) {
		const struct family *family = new_family(k);

		if (family != NULL && families++ == i)
			return family->name;
	}
	return i == families ? "all" : NULL;
}

kinds_t
kinds_named(const char *name)
{
	const struct kind *kind = kind_by_name(name, strlen(name));

	return kind != NULL ? KIND_BIT(kind_index(kind)) : kinds_of_group(name);
}

kinds_t
kinds_of_group(const char *name)
{
	bool all = strcmp(name, "all") == 0;
	kinds_t found = 0;

	for (size_t i = 0; i < kinds_count; i++)
		if (all ||
			(kinds[i]->family != NULL &&
				strcmp(kinds[i]->family->name, name) == 0))
			found |= KIND_BIT(i);
	return found;
}

size_t
kind_index(const struct kind *kind)
{
	size_t i = 0;

	while (kinds[i] != kind)
		i++;
	return i;
}

int
kind_compare(const struct kind *a, const struct kind *b)
{
	return a == b ? 0 : kind_index(a) < kind_index(b) ? -1 : 1;
}

void
kind_try_near(struct near *near)
{
	for (size_t i = 0; i < kinds_count; i++) {
		const struct kind *k = kinds[i];

		near_try(near, k->name, k->name);
		near_try(near, k->short_noun, k->name);
		near_try(near, k->short_nouns, k->name);
		for (size_t w = 0; k->words != NULL && k->words[w] != NULL; w++)
			near_try(near, k->words[w], k->name);
	}
}

/* Adds a word to a list that ends with NULL and has room for it, unless the list has the
 * word already. */
static void
add_word(const char **words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return;
	words[0] = word;
	words[1] = NULL;
}

const char **
kind_state_words(kinds_t of)
{
	const char **words = xcalloc(1, sizeof *words);
	size_t room = 1;

	for (size_t i = 0; i < kinds_count; i++) {
		const struct kind_state *s = kinds[i]->states;

		for (; (of & KIND_BIT(i)) && s->flag != 0; s++) {
			words = xreallocarray(words, ++room, sizeof *words);
			add_word(words, s->word);
		}
	}
	return words;
}

bool
kind_is_gone(int error)
{
	return error == EINVAL || error == EIDRM || error == ENOENT;
}

const char *
kind_names(void)
{
	static struct buf names;

	if (names.len == 0)
		for (size_t i = 0; i < kinds_count; i++)
			buf_printf(&names, "%s%s", i == 0 ? "" : ", ", kinds[i]->name);
	return buf_text(&names);
}
