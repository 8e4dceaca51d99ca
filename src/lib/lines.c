/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/lines.h"

#include <stdlib.h>
#include <string.h>

/* Removes the blanks around a line. */
static char *
trim(char *line)
{
	static const char blanks[] = " \t\r\n\v\f";
	size_t len;

	line += strspn(line, blanks);
	for (len = strlen(line); len > 0 && strchr(blanks, line[len - 1]) != NULL; len--)
		continue;
	line[len] = '\0';
	return line;
}

int
lines_read(FILE *file, lines_fn *take, void *arg, struct buf *cause)
{
	struct buf why = { 0 };
	unsigned long number = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int rc = 0;

	while (rc == 0 && (len = getline(&line, &size, file)) >= 0) {
		const char *text;

		number++;
		if (memchr(line, '\0', len) != NULL) {
			buf_str(&why, "a NUL byte");
			rc = -1;
		} else if (text = trim(line), *text != '\0') {
			rc = take(arg, text, number, &why);
		}
	}
	/* getline(3) also fails if memory runs out, which is not the end of the input. */
	if (rc == 0 && (!feof(file) || ferror(file)))
		rc = -2;
	if (rc == -1)
		buf_printf(cause, "line %lu: %s", number, buf_text(&why));
	buf_free(&why);
	free(line);
	return rc;
}
