/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Processes that use a file in /dev/shm. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef O_PATH
#define O_PATH 010000000
#endif

/* How a file is used. */
static const struct how {
	const char *name;
	int flags; /* of open(2) */
	int prot; /* of mmap(2), after which the descriptor is closed; 0 for none */
	bool flies; /* the only descriptor is in flight in a UNIX socket */
} hows[] = {
	{ "open-r", O_RDONLY, 0, false },
	{ "open-w", O_WRONLY, 0, false },
	{ "open-rw", O_RDWR, 0, false },
	{ "open-path", O_PATH, 0, false },
	{ "mapped-r", O_RDONLY, PROT_READ, false },
	{ "mapped-rw", O_RDWR, PROT_READ | PROT_WRITE, false },
	{ "flight", O_RDWR, 0, true },
};

/* Sends the descriptor to the other end of a socket, where it is not received. */
static void
let_fly(int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof fd)] = { 0 };
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int ends[2];

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 ||
		sendmsg(ends[0], &message, 0) < 0)
		err(1, "socket");
	close(fd);
}

static void
use_as(const char *path, const struct how *how)
{
	int fd = open(path, how->flags);

	if (fd < 0)
		err(1, "%s", path);
	if (how->flies)
		let_fly(fd);
	if (how->prot == 0)
		return;
	if (mmap(NULL, 4096, how->prot, MAP_SHARED, fd, 0) == MAP_FAILED)
		err(1, "mmap");
	close(fd);
}

int
use_file(int argc, char **argv)
{
	const char *value;
	struct stat st;

	need_args(argc, argv, 2, 3);
	if (stat(argv[1], &st) < 0)
		err(1, "%s", argv[1]);
	if (argc > 3 && named_value(argv[3], "as", &value))
		become(number(value, "as", 0, 0xfffffffell));
	for (size_t i = 0; i < ARRAY_SIZE(hows); i++)
		if (strcmp(hows[i].name, argv[2]) == 0) {
			use_as(argv[1], &hows[i]);
			printf("%llu %ld\n", (unsigned long long)st.st_ino,
				(long)getpid());
			return hold();
		}
	usage("no way to use a file: %s", argv[2]);
}

/* Opens a file, and prints how many links it has, or the error. */
int
open_once(int argc, char **argv)
{
	int flags = O_RDONLY;
	struct stat st;
	int fd;

	need_args(argc, argv, 1, 2);
	if (argc > 2 && strcmp(argv[2], "nonblock") == 0)
		flags |= O_NONBLOCK;
	fd = open(argv[1], flags);
	if (fd < 0)
		printf("%s\n", strerror(errno));
	else if (fstat(fd, &st) == 0)
		printf("nlink %lu\n", (unsigned long)st.st_nlink);
	return 0;
}

/* Opens and closes a file many times, and prints how many times that failed, and the most
 * milliseconds that it took. */
int
open_often(int argc, char **argv)
{
	long long times, failed = 0, most = 0;
	int flags = O_RDONLY;

	need_args(argc, argv, 2, 3);
	times = number(argv[2], "number", 1, 10000000);
	if (argc > 3 && strcmp(argv[3], "nonblock") == 0)
		flags |= O_NONBLOCK;
	for (long long i = 0; i < times; i++) {
		struct timespec before, after;
		long long took;
		int fd;

		clock_gettime(CLOCK_MONOTONIC, &before);
		fd = open(argv[1], flags);
		clock_gettime(CLOCK_MONOTONIC, &after);
		took = (after.tv_sec - before.tv_sec) * 1000 +
			(after.tv_nsec - before.tv_nsec) / 1000000;
		if (took > most)
			most = took;
		if (fd < 0)
			failed++;
		else
			close(fd);
	}
	printf("%lld %lld\n", failed, most);
	return 0;
}
