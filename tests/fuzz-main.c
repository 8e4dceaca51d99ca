/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The main program of a target without libFuzzer, which has one of its own: passes all
 * files of tests/fuzz/corpus/NAME to the target, where NAME is that of the program. */

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "lib/xalloc.h"
#include "tap.h"

static int
is_visible(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

/* Appends a file.  Targets replace the functions of ipctool that do this. */
static void
read_input(const char *path, struct buf *input)
{
	FILE *file = fopen(path, "r");
	char text[4096];
	size_t len;

	if (file == NULL)
		err(1, "%s", path);
	while ((len = fread(text, 1, sizeof text, file)) > 0)
		buf_add(input, text, len);
	if (ferror(file))
		err(1, "%s", path);
	fclose(file);
}

static void
try_file(const char *dir, const char *name)
{
	char *path = xasprintf("%s/%s", dir, name);
	struct buf input = { 0 };
	uint8_t *copy;

	read_input(path, &input);
	/* A copy of just this size, so that the sanitizers notice a read beyond it. */
	copy = xcalloc(input.len + (input.len == 0), 1);
	memcpy(copy, buf_text(&input), input.len);
	diag("%s", name);
	ok(LLVMFuzzerTestOneInput(copy, input.len) == 0, "%s", name);
	free(copy);
	buf_free(&input);
	free(path);
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	const char *source = getenv("IPCTOOL_SRCDIR");
	struct dirent **entries;
	char *dir;
	int count;

	(void)argc;
	dir = xasprintf("%s/tests/fuzz/corpus/%s", source == NULL ? "." : source,
		name == NULL ? argv[0] : name + 1);
	count = scandir(dir, &entries, is_visible, alphasort);
	if (count < 0)
		err(1, "%s", dir);
	ok(count > 0, "there are inputs");
	for (int i = 0; i < count; i++) {
		try_file(dir, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	free(dir);
	return done_testing();
}
