/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table of commands: looking them up, and suggesting near names. */

#include "cmd/cmd.h"

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "tap.h"

static void
test_table(void)
{
	for (size_t i = 0; i < cmds_count; i++) {
		const struct cmd *c = cmds[i];

		ok(cmd_by_name(c->name) == c, "%s is found by its name", c->name);
		if (c->alias != NULL)
			ok(cmd_by_name(c->alias) == c, "... and by its alias");
		ok(c->summary != NULL && *c->summary != '\0', "... has a summary");
		ok(c->exec != NULL, "... and does something");
	}
	ok(cmd_by_name("") == NULL, "an empty name is no command");
	ok(cmd_by_name("lis") == NULL, "a shortened name is no command");
	ok(cmd_by_name("LIST") == NULL, "a name in capitals is no command");
	is_str(cmd_by_name("ls")->name, "list", "ls is list");
}

static void
is_unknown(const char *word, const char *wanted)
{
	struct buf message = { 0 };

	cmd_unknown(word, &message);
	is_str(buf_text(&message), wanted, "'%s' is unknown", word);
	buf_free(&message);
}

static void
test_unknown(void)
{
	struct buf all = { 0 };

	is_unknown("lsit", "unknown command 'lsit'; did you mean list?");
	is_unknown("lits", "unknown command 'lits'; did you mean list, limits or waits?");
	/* By its alias. */
	is_unknown("sl", "unknown command 'sl'; did you mean list?");
	is_unknown("ipcrm", "unknown command 'ipcrm'; to remove objects, use ipctool rm");
	is_unknown("shm",
		"unknown command 'shm'; to list objects of this type, use ipctool list "
		"shm");
	buf_str(&all, "unknown command 'completely'; expected one of: ");
	for (size_t i = 0; i < cmds_count; i++)
		buf_printf(&all, "%s%s", i == 0 ? "" : ", ", cmds[i]->name);
	is_unknown("completely", buf_text(&all));
	buf_free(&all);
}

static void
test_help(void)
{
	char *help = cmd_list_all();

	for (size_t i = 0; i < cmds_count; i++)
		ok(strstr(help, cmds[i]->summary) != NULL, "the help has %s",
			cmds[i]->name);
	free(help);
}

static void
test_worse(void)
{
	is_int(cmd_worse(STATUS_OK, STATUS_OK), STATUS_OK, "both succeeded");
	is_int(cmd_worse(STATUS_OK, STATUS_SOME), STATUS_SOME, "the second failed");
	is_int(cmd_worse(STATUS_USAGE, STATUS_SOME), STATUS_USAGE, "the first is worse");
}

/* Notes the letters and names of a parser and its children; reports duplicates. */
static void
scan_options(const struct cmd *cmd, const struct argp *argp, bool letters[256])
{
	for (const struct argp_option *o = argp->options;
		o != NULL && (o->name != NULL || o->key != 0 || o->doc != NULL); o++) {
		if (o->key <= 0 || o->key > 255)
			continue;
		ok(!letters[o->key], "%s: -%c is one option", cmd->name, o->key);
		letters[o->key] = true;
	}
	for (const struct argp_child *c = argp->children; c != NULL && c->argp != NULL;
		c++)
		scan_options(cmd, c->argp, letters);
}

/* argp silently uses the first of two options with the same letter. */
static void
test_letters(void)
{
	for (size_t i = 0; i < cmds_count; i++) {
		bool letters[256] = { ['?'] = true, ['V'] = true };

		scan_options(cmds[i], cmds[i]->argp, letters);
		ok(letters['h'], "%s: has -h", cmds[i]->name);
	}
}

int
main(void)
{
	test_letters();
	test_table();
	test_unknown();
	test_help();
	test_worse();
	return done_testing();
}
