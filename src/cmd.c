/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

const struct cmd *const cmds[] = {
	&cmd_list,
	&cmd_stat,
	&cmd_create,
	&cmd_set,
	&cmd_rm,
	&cmd_send,
	&cmd_recv,
	&cmd_semop,
	&cmd_read,
	&cmd_write,
	&cmd_limits,
};
const size_t cmds_count = sizeof cmds / sizeof cmds[0];

const struct cmd *
cmd_by_name(const char *name)
{
	for (size_t i = 0; i < cmds_count; i++)
		if (strcmp(cmds[i]->name, name) == 0 ||
			(cmds[i]->alias != NULL && strcmp(cmds[i]->alias, name) == 0))
			return cmds[i];
	return NULL;
}

enum { WORD_MAX = 16 }; /* a longer word is no mistyped command */

static size_t
smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/*
 * How many letters are to be put in, taken out, replaced or swapped with their neighbour
 * to make b of a (the optimal string alignment distance).
 */
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
				d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1] && d[i][j] > d[i - 2][j - 2] + 1)
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[alen][blen];
}

/* Whether somebody who typed word may have meant name. */
static int
is_near(const char *word, const char *name)
{
	if (name == NULL)
		return 0;
	if (word[0] != '\0' && strncmp(name, word, strlen(word)) == 0)
		return 1;
	return distance(word, name) <= (strlen(name) > 3 ? 2 : 1);
}

char *
cmd_nearest(const char *name)
{
	struct buf near = { 0 };

	for (size_t i = 0; i < cmds_count; i++)
		if (is_near(name, cmds[i]->name) || is_near(name, cmds[i]->alias))
			buf_printf(
				&near, "%s%s", near.len == 0 ? "" : ", ", cmds[i]->name);
	if (near.len > 0)
		buf_text(&near);
	return near.data;
}

char *
cmd_names(void)
{
	struct buf all = { 0 };

	for (size_t i = 0; i < cmds_count; i++)
		buf_printf(&all, "%s%s", i == 0 ? "" : ", ", cmds[i]->name);
	buf_text(&all);
	return all.data;
}

char *
cmd_help(void)
{
	struct buf help = { 0 };

	buf_str(&help, "Commands, each with a --help of its own:\n");
	for (size_t i = 0; i < cmds_count; i++)
		buf_printf(&help, "  %-10s %s\n", cmds[i]->name, cmds[i]->summary);
	buf_text(&help);
	return help.data;
}

enum status
cmd_worse(enum status a, enum status b)
{
	return a > b ? a : b;
}
