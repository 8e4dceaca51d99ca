/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/exact.h"

#include <stdlib.h>
#include <string.h>

#include "cli/known.h"
#include "lib/near.h"
#include "lib/xalloc.h"

static void
explain(const struct known_options *all, const char *word, struct buf *why)
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

int
opt_exact(const struct argp *argp, int argc, char *const *argv, bool to_operand,
	struct buf *why)
{
	struct known_options all = { 0 };
	int result = 0;
	int taken;

	known_collect(&all, argp);
	for (int i = 1; i < argc; i += taken) {
		if (strcmp(argv[i], "--") == 0 ||
			(to_operand && known_is_operand(argv[i])))
			break;
		taken = known_read(&all, argv[i]).taken;
		if (taken > 0)
			continue;
		if (argv[i][1] == '-') {
			explain(&all, argv[i], why);
			result = -1;
		}
		break;
	}
	known_free(&all);
	return result;
}
