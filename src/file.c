/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "file.h"

#include <fcntl.h>
#include <unistd.h>

#include "num.h"

ssize_t
file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -1;
	len = read(fd, text, size - 1);
	close(fd);
	if (len >= 0)
		text[len] = '\0';
	return len;
}

int
file_number(const char *path, uint64_t *number)
{
	char text[64];
	const char *p = text;

	if (file_read(path, text, sizeof text) <= 0)
		return -1;
	return num_scan(&p, 10, UINT64_MAX, number);
}
