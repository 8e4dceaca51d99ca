/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/near.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xalloc.h"

enum { WORD_MAX = 32 }; /* a longer word is not a mistyped name */

static size_t
smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

static bool
same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* The number of changes between a and b (the optimal string alignment distance). */
static size_t
distance(const char *a, const char *b)
{
	size_t d[WORD_MAX + 1][WORD_MAX + 1];
	size_t alen = strlen(a);
	size_t blen = strlen(b);

	if (alen > WORD_MAX || blen > WORD_MAX)
		return WORD_MAX;
	for (size_t i = 0; i <= alen; i++)
		for (size_t j = 0; j <= blen; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			d[i][j] = smallest(d[i - 1][j] + 1, d[i][j - 1] + 1,
				d[i - 1][j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
				same(a[i - 2], b[j - 1]) && d[i][j] > d[i - 2][j - 2] + 1)
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[alen][blen];
}

static bool
begins(const char *word, const char *name)
{
	return word[0] != '\0' && strncasecmp(name, word, strlen(word)) == 0;
}

bool
near_is(const char *word, const char *name)
{
	if (begins(word, name))
		return true;
	return distance(word, name) <= (strlen(name) > 3 ? 2 : 1);
}

void
near_try(struct near *n, const char *spelling, const char *name)
{
	enum likeness likeness;

	if (spelling == NULL || !near_is(n->word, spelling))
		return;
	likeness = strcasecmp(n->word, spelling) == 0 ? LIKE_CASE
		: begins(n->word, spelling)           ? LIKE_START
						      : LIKE_ROUGHLY;
	if (likeness < n->likeness)
		return;
	if (likeness > n->likeness)
		n->count = 0;
	n->likeness = likeness;
	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->names[i], name) == 0)
			return;
	n->names = xreallocarray(n->names, n->count + 1, sizeof *n->names);
	n->names[n->count++] = name;
}

void
near_ask(const struct near *n, struct buf *b)
{
	const char *prefix = n->prefix != NULL ? n->prefix : "";

	for (size_t i = 0; i < n->count; i++) {
		const char *before = i + 1 < n->count ? ", " : " or ";

		buf_printf(b, "%s%s%s", i == 0 ? "; did you mean " : before, prefix,
			n->names[i]);
	}
	if (n->count > 0)
		buf_char(b, '?');
}

void
near_free(struct near *n)
{
	free(n->names);
	n->names = NULL;
	n->count = 0;
}
