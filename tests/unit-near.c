/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which names a mistyped word may mean, and how a message suggests them. */

#include "lib/near.h"

#include "tap.h"

static void
test_is(void)
{
	static const char *const near[] = { "list", "l", "lis", "lst", "lits", "ilst",
		"list2", "xlist", "lost", "l s", "LIST", "Lsit", "lists", "lisxy" };
	static const char *const far[] = { "", "sit on", "listxyz", "completely",
		"\x1b[2J", "a word that is far longer than any command can be" };

	for (size_t i = 0; i < sizeof near / sizeof near[0]; i++)
		ok(near_is(near[i], "list"), "'%s' may be list", near[i]);
	for (size_t i = 0; i < sizeof far / sizeof far[0]; i++)
		ok(!near_is(far[i], "list"), "far word %zu is not near to list", i);
}

/* After two changes, little is left of a short name. */
static void
test_short(void)
{
	ok(near_is("SHM", "shm"), "case does not matter");
	ok(near_is("shn", "shm"), "three letters may have one change");
	ok(!near_is("snn", "shm"), "three letters may not have two changes");
	ok(!near_is("", "shm"), "an empty word is near to no name");
}

static void
test_long(void)
{
	ok(near_is("ignore-misisng", "ignore-missing"),
		"a long word may have two letters swapped");
	ok(near_is("conflict-exit-cod", "conflict-exit-code"),
		"the beginning of a name is near to it");
	ok(near_is("confict-exit_code", "conflict-exit-code"),
		"a long word may have two changes");
	ok(!near_is("confict_exit_code", "conflict-exit-code"),
		"a long word may not have three changes");
}

/* Compares the suggestions for a word. */
static void
asks(const char *word, const char *prefix, const char *wanted)
{
	struct near near = { .word = word, .prefix = prefix };
	struct buf message = { 0 };

	near_try(&near, "stale", "stale");
	near_try(&near, "state", "state");
	near_try(&near, "stage", "stage");
	near_try(&near, "semaphores", "sem");
	near_try(&near, "sem", "sem");
	near_try(&near, NULL, "none");
	near_ask(&near, &message);
	is_str(buf_text(&message), wanted, "'%s' asks for '%s'", word, wanted);
	buf_free(&message);
	near_free(&near);
	is_uint(near.count, 0, "a list that was released is empty");
}

static void
test_ask(void)
{
	asks("nonsense", NULL, "");
	asks("SEM", NULL, "; did you mean sem?");
	asks("STATE", NULL, "; did you mean state?");
	asks("Semaphores", "--", "; did you mean --sem?");
	asks("semaphore", NULL, "; did you mean sem?");
	asks("s", NULL, "; did you mean stale, state, stage or sem?");
	asks("stal", "--", "; did you mean --stale?");
	asks("stat", "--", "; did you mean --state?");
	asks("stak", "--", "; did you mean --stale, --state or --stage?");
	asks("sta", "--", "; did you mean --stale, --state or --stage?");
	asks("stalexx", "--", "; did you mean --stale?");
	asks("xstal", NULL, "; did you mean stale?");
	asks("statl", NULL, "; did you mean stale, state or stage?");
}

int
main(void)
{
	test_is();
	test_short();
	test_long();
	test_ask();
	return done_testing();
}
