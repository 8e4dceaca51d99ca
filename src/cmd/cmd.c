/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cmd.h"

#include <string.h>

#include "cli/habits.h"
#include "kind/kind.h"
#include "lib/array.h"
#include "lib/buf.h"
#include "lib/near.h"

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
	&cmd_namespaces,
	&cmd_waits,
	&cmd_help,
};
const size_t cmds_count = ARRAY_SIZE(cmds);

const struct cmd *
cmd_by_name(const char *name)
{
	for (size_t i = 0; i < cmds_count; i++)
		if (strcmp(cmds[i]->name, name) == 0 ||
			(cmds[i]->alias != NULL && strcmp(cmds[i]->alias, name) == 0))
			return cmds[i];
	return NULL;
}

void
cmd_unknown(const char *name, struct buf *message)
{
	const char *way = habit_command(name);
	struct near near = { .word = name };

	for (size_t i = 0; i < cmds_count; i++) {
		near_try(&near, cmds[i]->name, cmds[i]->name);
		near_try(&near, cmds[i]->alias, cmds[i]->name);
	}
	buf_printf(message, "unknown command '%s'", name);
	if (way != NULL)
		buf_printf(message, "; %s", way);
	else if (kind_by_name(name, strlen(name)) != NULL)
		buf_printf(message, "; to list objects of this type, use ipctool list %s",
			name);
	else if (near.count > 0)
		near_ask(&near, message);
	else
		for (size_t i = 0; i < cmds_count; i++)
			buf_printf(message, "%s%s", i == 0 ? "; expected one of: " : ", ",
				cmds[i]->name);
	near_free(&near);
}

char *
cmd_list_all(void)
{
	struct buf help = { 0 };

	buf_str(&help, "Commands, each with a --help of its own:\n");
	for (size_t i = 0; i < cmds_count; i++)
		buf_printf(&help, "  %-11s %s\n", cmds[i]->name, cmds[i]->summary);
	buf_text(&help);
	return help.data;
}

enum status
cmd_worse(enum status a, enum status b)
{
	return a > b ? a : b;
}
