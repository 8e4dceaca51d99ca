/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A terminal for a program that asks questions, driven by pipes. */

#include "ipchelper.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* Opens both ends of a terminal that does not modify its data. */
static int
open_terminal(int *end)
{
	struct termios mode;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		err(1, "terminal");
	*end = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (*end < 0 || tcgetattr(*end, &mode) < 0)
		err(1, "terminal");
	mode.c_oflag &= ~(tcflag_t)OPOST;
	mode.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(*end, TCSANOW, &mode) < 0)
		err(1, "terminal");
	return master;
}

/* Copies the available data; false at the end. */
static bool
pass(int from, int to)
{
	char text[4096];
	ssize_t n = read(from, text, sizeof text);

	return n > 0 && write(to, text, (size_t)n) == n;
}

/* Types our input; at its end, types an end of file once. */
static void
drive(int master)
{
	static const char end_of_file = 4;
	struct pollfd fds[] = {
		{ .fd = master, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			err(1, "poll");
		if (fds[0].revents && !pass(master, STDOUT_FILENO))
			return;
		if (fds[1].revents && !pass(STDIN_FILENO, master)) {
			if (write(master, &end_of_file, 1) < 0)
				return;
			fds[1].fd = -1;
			fds[1].revents = 0;
		}
	}
}

int
terminal(int argc, char **argv)
{
	int end, master, status;
	pid_t pid;

	need_args(argc, argv, 1, INT_MAX);
	master = open_terminal(&end);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		setsid();
		ioctl(end, TIOCSCTTY, 0);
		dup2(end, STDIN_FILENO);
		/* Standard output is our own, saved as 3. */
		dup2(end, STDERR_FILENO);
		if (dup2(3, STDOUT_FILENO) < 0)
			_exit(126);
		close(3);
		close(end);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	close(end);
	close(3);
	drive(master);
	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
