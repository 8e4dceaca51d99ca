/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/num.h"

ssize_t
file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len;
	int error;

	if (fd < 0)
		return -1;
	len = file_fill(fd, text, size - 1, &error);
	close(fd);
	if (error != 0) {
		errno = error;
		return -1;
	}
	text[len] = '\0';
	return len;
}

int
file_read_all(const char *path, struct buf *b)
{
	enum { PIECE = 4096 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	do {
		if (b->cap - b->len < PIECE)
			buf_grow(b, PIECE);
		n = read(fd, b->data + b->len, b->cap - b->len);
		if (n > 0)
			b->len += n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	close(fd);
	return 0;
}

int
file_number(const char *path, uint64_t *number)
{
	char text[64];
	const char *p = text;

	if (file_read(path, text, sizeof text) < 0)
		return -1;
	errno = EINVAL;
	return num_scan(&p, 10, UINT64_MAX, number);
}

void
file_widen(int fd)
{
	fcntl(fd, F_SETPIPE_SZ, 1 << 20);
}

size_t
file_ready(int fd)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };
	int ready = 0;

	poll(&poll_fd, 1, -1);
	return ioctl(fd, FIONREAD, &ready) == 0 && ready > 0 ? ready : 0;
}

int
file_rest(int fd, uint64_t *bytes)
{
	struct stat st;
	off_t at;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -1;
	at = lseek(fd, 0, SEEK_CUR);
	if (at < 0)
		return -1;
	*bytes = at < st.st_size ? st.st_size - at : 0;
	return 0;
}

/* Whether to repeat a read or write that failed, at once or later. */
static bool
is_passing(int fd, short events, bool (*give_up)(void))
{
	struct pollfd poll_fd = { fd, events, 0 };

	if (errno == EAGAIN && poll(&poll_fd, 1, -1) >= 0)
		return true;
	return errno == EINTR && (give_up == NULL || !give_up());
}

size_t
file_fill(int fd, char *data, size_t len, int *error)
{
	size_t filled = 0;

	*error = 0;
	while (filled < len) {
		ssize_t n = read(fd, data + filled, len - filled);

		if (n == 0)
			break;
		if (n > 0) {
			filled += n;
		} else if (!is_passing(fd, POLLIN, NULL)) {
			*error = errno;
			break;
		}
	}
	return filled;
}

size_t
file_write(int fd, const char *data, size_t len, bool (*give_up)(void))
{
	size_t written = 0;

	while (written < len) {
		ssize_t n = write(fd, data + written, len - written);

		if (n >= 0)
			written += n;
		else if (!is_passing(fd, POLLOUT, give_up))
			break;
	}
	return written;
}
