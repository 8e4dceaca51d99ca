/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Small files that are read in pieces, are truncated or contain no number. */

#include "lib/file.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

/* Opens a pipe that returns each of two texts by a separate read; returns its path. */
static const char *
make_pieces(const char *first, const char *second, int *fd)
{
	static char path[64];
	int fds[2];

	/* pipe(2): data written in packet mode are read one packet at a time. */
	if (pipe2(fds, O_DIRECT) < 0 || write(fds[1], first, strlen(first)) < 0 ||
		write(fds[1], second, strlen(second)) < 0 || close(fds[1]) < 0)
		err(1, "pipe");
	*fd = fds[0];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fds[0]);
	return path;
}

static void
test_pieces(void)
{
	const char *path;
	uint64_t number;
	char text[16];
	int fd;

	path = make_pieces("12", "34\n", &fd);
	is_int(file_read(path, text, sizeof text), 5,
		"input in pieces is read to its end");
	is_str(text, "1234\n", "... all of it");
	close(fd);
	path = make_pieces("12", "34\n", &fd);
	is_int(file_read(path, text, 4), 3, "no more is read than there is room for");
	is_str(text, "123", "... and the start of it");
	close(fd);
	path = make_pieces("12", "34\n", &fd);
	is_int(file_number(path, &number), 0, "a number in pieces");
	is_uint(number, 1234, "... is one number");
	close(fd);
}

static void
test_errors(void)
{
	uint64_t number;
	char text[16];
	const char *path;
	int fd;

	is_int(file_read("/proc/self/no-such-file", text, sizeof text), -1,
		"a missing file");
	is_int(errno, ENOENT, "... and why");
	is_int(file_read("/proc", text, sizeof text), -1, "a directory");
	is_int(errno, EISDIR, "... and why");
	path = make_pieces("", "none\n", &fd);
	is_int(file_number(path, &number), -1, "a file without a number");
	is_int(errno, EINVAL, "... and why");
	close(fd);
}

int
main(void)
{
	test_pieces();
	test_errors();
	return done_testing();
}
